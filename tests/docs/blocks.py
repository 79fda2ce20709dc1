"""The code blocks of README, of the documentation and of the examples' READMEs, and what is to be done with each.

What is done depends on the language; a comment in the line above a block says more. Readers do not see it:

    <!-- run -->            the commands are run, and print what the block shows; `...` stands for anything
    <!-- file: NAME -->     the block is a file of that name, in the folder in which the page's commands run
    <!-- shown: REASON -->  nothing is run or compared, for the reason given; commands and syntax are checked all the same
    <!-- in: FILE -->       every line of the block stands in that file, which other tests hold true
    <!-- mistaken: WHAT --> the program is wrong on purpose, so type checkers complain
    <!-- setup              what readers have done before: commands in lines of their own that begin with `$ `, up to the end of the
                            comment. They run as those of a console block do. tests/docs/scenes has some for many pages: `. "$SCENES/NAME"`

In a generated page the blocks of text are generated as well, and need no comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
MARKS = {"run", "file", "shown", "in", "mistaken"}
COMMENT = re.compile(r"<!--\s*(?P<mark>[\w-]+)\s*(?::\s*(?P<text>.*?))?\s*-->")
SETUP = re.compile(r"<!-- setup\n(?P<commands>.*?)^-->", re.DOTALL | re.MULTILINE)
GENERATED = "<!-- Written by `make generate`"


@dataclass(frozen=True)
class Block:
    """A fenced block: `line` is where its text begins."""

    page: str
    line: int
    language: str
    text: str
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[str]:
    """The pages whose blocks are held, relative to the repository, with `/` between folders."""
    found = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("examples/**/README.md"),
    ]
    kept = (path.relative_to(ROOT).as_posix() for path in found if path.exists())
    return sorted(page for page in kept if "/_build/" not in page)


def blocks(page: str) -> Iterator[Block]:
    """The page's blocks, from the first to the last. Raises: ValueError for a comment or an indented block that is not understood."""
    return blocks_of(page, (ROOT / page).read_text(encoding="utf-8"))


def blocks_of(page: str, text: str) -> Iterator[Block]:
    marks: dict[str, str] = {}
    generated = {"generated": ""} if text.startswith(GENERATED) else {}
    for token in MarkdownIt("commonmark").parse(text):
        line = (token.map or [0])[0] + 1
        if token.type == "code_block":
            raise ValueError(f"{page}:{line}: an indented block has no language; write a fenced one")
        if token.type == "html_block":
            for found in SETUP.finditer(token.content):
                yield Block(page, line + 1, "console", found["commands"], {"run": ""})
            marks |= {found["mark"]: found["text"] or "" for found in COMMENT.finditer(token.content)}
            continue
        if token.type != "fence":
            if token.type not in ("list_item_open", "bullet_list_open", "ordered_list_open"):
                marks = {}
            continue
        if token.info.startswith("{"):  # a directive of the site, such as its table of contents
            continue
        if unknown := marks.keys() - MARKS:
            raise ValueError(f"{page}:{line}: no test knows the comment {sorted(unknown)[0]!r}")
        yield Block(page, line + 1, token.info.strip(), token.content, {**marks, **generated})
        marks = {}


def commands_in_text(page: str) -> Iterator[tuple[int, str]]:
    """The commands of ours that stand in sentences, as code, and their lines."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        for child in token.children or ():
            if child.type == "code_inline" and re.match(r"(connect-domains|pulumi|make) \S", child.content):
                yield (token.map or [0])[0] + 1, child.content


@dataclass(frozen=True)
class Step:
    """A command of a console block, and what the block says that it prints."""

    command: str
    output: str


def steps(text: str) -> list[Step]:
    """The commands of a console block. A line continues the command above when that ends with a backslash.

    Raises: ValueError for output before the first command.
    """
    found: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(([line[2:]], []))
        elif not found:
            raise ValueError(f"output before the first command: {line!r}")
        elif found[-1][0][-1].endswith("\\") and not found[-1][1]:
            found[-1][0].append(line)
        else:
            found[-1][1].append(line)
    return [Step("\n".join(command), "".join(f"{line}\n" for line in output)) for command, output in found]
