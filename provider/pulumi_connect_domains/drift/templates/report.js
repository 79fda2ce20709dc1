"use strict";
const form = document.getElementById("filters");
const cards = [...document.querySelectorAll("article")];

function apply() {
  const chosen = new FormData(form);
  const statuses = new Set(chosen.getAll("status"));
  const region = chosen.get("region");
  const property = chosen.get("property");
  const words = chosen.get("text").toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const card of cards) {
    const text = card.textContent.toLowerCase();
    const fits = statuses.has(card.dataset.status)
      && (!region || card.dataset.region === region)
      && (!property || card.dataset.properties.split(" ").includes(property))
      && words.every((word) => text.includes(word));
    card.hidden = !fits;
    shown += fits;
    for (const row of card.querySelectorAll("tr[data-property]")) {
      row.hidden = Boolean(property) && row.dataset.property !== property;
    }
  }
  document.getElementById("shown").textContent = `${shown} of ${cards.length} shown`;
  document.getElementById("nothing").hidden = shown > 0;
}

if (form) {
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
}
