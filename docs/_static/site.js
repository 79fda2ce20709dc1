// What scrolls sideways can be scrolled with the keyboard too: it gets the focus, as long as it is wider than the page.
const boxes = document.querySelectorAll("pre, .table-wrapper, .picture");

function mark() {
  for (const box of boxes) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

addEventListener("resize", mark);
addEventListener("load", mark);
mark();
