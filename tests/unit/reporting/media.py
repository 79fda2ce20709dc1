"""What a reader of each medium makes of a report: its structure, and all the texts in it. Raises where no reader could read it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree import ElementTree

from prometheus_client.openmetrics.parser import text_string_to_metric_families
from pulumi_connect_domains.reporting.escaping import line, lines, one_line, visible

from . import hostile

MARK = re.compile(r"q1[a-z]+1q")
"""What stands in every text of others in these tests, and names its place."""
MIDDLE = "q1x1q"


@dataclass(frozen=True)
class Reading:
    """`structure` is all but the texts of others. `text` is every text, one after the other."""

    structure: list[str]
    text: str


@lru_cache
def spellings(text: str) -> frozenset[tuple[str, str]]:
    """The ways in which a report may write the text before and after a mark, when it was read by its medium's reader."""
    whole = f"{text}{MIDDLE}{text}"
    bases = [whole, one_line(whole), whole.replace("`", ""), re.sub(r'(["\\\\])', r"\\\1", whole), repr(whole)[1:-1]]
    bases += [repr(visible(whole))[1:-1], re.sub("//+", "/", whole.replace("\\", "/")), " ".join(lines(whole))]
    shown = [f(base) for base in bases for f in (str, visible, line, lambda base: visible(base).replace("`", "'"))]
    parts = (_close(each).split(MIDDLE) for each in shown)
    return frozenset((before, after) for before, after in parts)


def whole(text: str, reading: Reading) -> Counter[str]:
    """How often each mark stands in what was read with the whole text before and after it.

    Blanks do not count, since lines of a screen are padded.
    """
    shown, found = _close(reading.text), Counter[str]()
    for mark in MARK.finditer(shown):
        before, after = shown[: mark.start()], shown[mark.end() :]
        found[mark[0]] += any(before.endswith(one) and after.startswith(other) for one, other in spellings(text))
    return found


def marks(reading: Reading) -> Counter[str]:
    """How often each mark stands in what was read."""
    return Counter(MARK.findall(reading.text))


def _close(text: str) -> str:
    return re.sub(r"\s+", "", text)


# -- JSON -------------------------------------------------------------------------------------------------------------


def json_(shown: str) -> Reading:
    """Of a JSON document."""
    structure, texts = [], []
    for step, text in _members(_loaded(shown)):
        structure.append(step)
        texts.append(text)
    return Reading(structure, "\n".join(texts))


def _loaded(shown: str) -> object:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(shown, parse_constant=refuse)


def _members(value: object) -> Iterator[tuple[str, str]]:
    """Each value: its kind, or it where it is no text; and its text. Keys are texts of others too. Fractions are times that it took."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield "key " + ("of others" if MARK.search(key) else key), key
            yield from _members(item)
    elif isinstance(value, list):
        for item in value:
            yield "item", ""
            yield from _members(item)
    elif isinstance(value, str):
        yield "text", value
    else:
        yield "number" if isinstance(value, float) else str(value), ""


def sarif(shown: str) -> Reading:
    """Of SARIF: braces in messages are doubled, a blank keeps brackets from being a link, URIs are percent-encoded."""
    read = json_(shown)
    texts, key = [], ""
    for step, text in _members(_loaded(shown)):
        key = step.removeprefix("key ") if step != "text" else key
        if step == "text":
            said = text.replace("{{", "{").replace("}}", "}").replace("] (", "](")
            texts.append(unquote(text) if key == "uri" else said if key == "text" else text)
    return Reading(read.structure, "\n".join(texts))


def slack(shown: str) -> Reading:
    """Of a message to Slack, whose `&`, `<` and `>` are escaped."""
    read = json_(shown)
    text = read.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace(":\u200b", ":")
    return Reading(read.structure, text)


# -- documents --------------------------------------------------------------------------------------------------------


def xml(shown: str) -> Reading:
    """Of XML."""
    structure, texts = [], []
    for each in ElementTree.fromstring(shown).iter():
        structure.append(f"{each.tag} {sorted(each.attrib)}")
        texts += [*each.attrib.values(), each.text or "", each.tail or ""]
    return Reading(structure, "\n".join(texts))


class _Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.structure: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.structure += [] if tag == "wbr" else [f"<{tag} {' '.join(name for name, _ in attrs)}>"]
        self.text += "".join(f"\n{value}\n" for _, value in attrs)

    def handle_endtag(self, tag: str) -> None:
        self.structure.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.structure.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.structure.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.structure.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.structure.append(f"<![{data}]>")

    def handle_data(self, data: str) -> None:
        self.text += data


def html(shown: str) -> Reading:
    """Of HTML."""
    page = _Page(shown)
    return Reading(page.structure, page.text)


def markdown(shown: str) -> Reading:
    """Of Markdown: what is left to see when it was made into HTML. How code is marked is no structure."""
    page = _Page(hostile.GFM.render(shown))
    return Reading([each for each in page.structure if not re.match("</?(code|span)", each)], page.text)


# -- lines ------------------------------------------------------------------------------------------------------------


def log(shown: str) -> Reading:
    """Of lines for people: how many there are."""
    hostile.check_log(shown)
    return Reading([f"{len(shown.splitlines())} lines"], shown)


def messages(shown: str) -> Reading:
    """Of lines for people, in which a message may have several."""
    hostile.check_log(shown)
    return Reading([], shown)


def annotations(shown: str) -> Reading:
    """Of workflow commands, as the runner of GitHub Actions reads them."""
    structure, texts = [], []
    for each in shown.removesuffix("\n").split("\n"):
        found = re.fullmatch(r"::(notice|warning|error) title=([^:,]*)::(.*)", each)
        assert found, each
        structure.append(found[1])
        for part in found[2], found[3]:
            texts.append(re.sub("%(0A|25|3A|2C)", lambda escape: chr(int(escape[1], 16)), part))
            assert "%" not in re.sub("%(0A|25|3A|2C)", "", part), "every % is an escape of ours"
    return Reading(structure, "\n".join(texts))


def metrics(shown: str) -> Reading:
    """Of OpenMetrics."""
    structure, texts = [], []
    for family in text_string_to_metric_families(shown):
        structure.append(family.name)
        for sample in family.samples:
            value = "" if sample.name.endswith("_seconds") else sample.value
            structure.append(f"{sample.name} {sorted(sample.labels)} {value}")
            texts += sample.labels.values()
    return Reading(structure, "\n".join(texts))
