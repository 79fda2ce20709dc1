"""The results of all blows as a table: `python -m tests.model.kills.table FOLDER` prints what the long tests have left there.

KILLS_RESULTS=FOLDER pytest -m long tests/model/kills     # each test leaves one file, {scenario}-{victim}-{signal}.json
python -m tests.model.kills.table FOLDER                  # Markdown; with --json one document
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from .blows import Blow
from .lives import Life
from .scenarios import Scenario


@dataclass(frozen=True)
class Row:
    """What came of the blows of one signal to one process during one command. All were survived: a test fails otherwise.

    `failed`: the struck command failed, or was killed. `refused`: given again, it named the domain that is there, and how to take it over;
    in all other cases it did the rest.
    """

    type: str
    command: str
    victim: str
    signal: str
    aws_calls: int
    writes: int
    blows: int
    failed: int
    refused: int

    @property
    def name(self) -> str:
        return f"{self.type}-{self.command}-{self.victim}-{self.signal}"


def row(scenario: Scenario, lives: Sequence[tuple[Blow, Life]]) -> Row:
    """The row of these lives, all of one victim and signal."""
    blow = lives[0][0]
    at = Counter(blow.at for blow, _ in lives)
    return Row(
        scenario.type, scenario.name, blow.victim, blow.signal.name, at["aws"], at["write"], len(lives),
        sum(life.was_struck_down for _, life in lives), sum(life.again == "refused" for _, life in lives),
    )  # fmt: skip


def keep(found: Row, folder: Path) -> None:
    """The row is in a file of its own in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{found.name}.json").write_text(json.dumps(asdict(found), indent=2))


def rows_in(folder: Path) -> list[Row]:
    return sorted((Row(**json.loads(path.read_text())) for path in folder.glob("*.json")), key=lambda row: row.name)


def markdown(rows: Iterable[Row]) -> str:
    """One line for each command, process and signal."""
    lines = [
        "| Resource | Command | Process | Signal | At AWS calls | At writes of files | Kills | Command failed | Refused at first |",
        "| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    rows = list(rows)
    for each in rows:
        cells = (
            each.type, each.command, each.victim, each.signal, each.aws_calls, each.writes, each.blows, each.failed,
            each.refused,
        )  # fmt: skip
        lines.append(f"| {' | '.join(map(str, cells))} |")
    total = sum(each.blows for each in rows)
    refused = sum(each.refused for each in rows)
    lines += [
        "",
        f"{total} kills, before and after each call and write; after {refused} of them the same command refused at first.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    found = rows_in(Path(sys.argv[1]))
    print(json.dumps([asdict(each) for each in found], indent=2) if "--json" in sys.argv else markdown(found))
