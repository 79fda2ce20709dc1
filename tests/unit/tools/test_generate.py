"""The files that `make generate` writes are up to date, and the check notices when one is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from generate import __main__ as generate


def test_every_generated_file_is_up_to_date() -> None:
    assert [str(path) for path in generate.stale(generate.files())] == [], "run `make generate`"


def test_a_changed_file_and_a_missing_one_are_out_of_date(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    texts = {tmp_path / name: "as generated" for name in ("same", "changed", "missing")}
    (tmp_path / "same").write_text("as generated")
    (tmp_path / "changed").write_text("by hand")
    monkeypatch.setattr(generate, "files", lambda: texts)
    monkeypatch.setattr(generate, "ROOT", tmp_path)

    assert sorted(path.name for path in generate.stale(texts)) == ["changed", "missing"]
    assert generate.main(["--check"]) == 1
    assert (tmp_path / "changed").read_text() == "by hand"
    assert generate.main([]) == 0
    assert list(generate.stale(texts)) == []
