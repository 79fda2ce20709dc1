"""What a stream shows, by what it is and what the variables say."""

from __future__ import annotations

import io

import pytest
from pulumi_connect_domains.reporting import terminal


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("on_terminal", "environment", "expected"),
    [
        pytest.param(True, {}, True, id="a terminal has colours"),
        pytest.param(False, {}, False, id="a pipe has none"),
        pytest.param(True, {"NO_COLOR": "1"}, False, id="NO_COLOR turns them off"),
        pytest.param(True, {"NO_COLOR": "0"}, False, id="NO_COLOR counts with any value"),
        pytest.param(True, {"NO_COLOR": ""}, True, id="an empty NO_COLOR is not set"),
        pytest.param(False, {"FORCE_COLOR": "1"}, True, id="FORCE_COLOR turns them on in a pipe"),
        pytest.param(True, {"FORCE_COLOR": "0"}, False, id="FORCE_COLOR=0 turns them off"),
        pytest.param(False, {"FORCE_COLOR": ""}, False, id="an empty FORCE_COLOR is not set"),
        pytest.param(False, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, id="NO_COLOR wins"),
        pytest.param(True, {"TERM": "dumb"}, False, id="a dumb terminal has none"),
        pytest.param(True, {"TERM": "dumb", "FORCE_COLOR": "3"}, True, id="FORCE_COLOR on a dumb terminal"),
        pytest.param(True, {"TERM": "xterm", "CI": "true"}, True, id="a terminal in CI has colours"),
    ],
)
def test_colours(on_terminal: bool, environment: dict[str, str], expected: bool) -> None:
    stream = Screen() if on_terminal else io.StringIO()
    assert terminal.has_colour(stream, environment) is expected


@pytest.mark.parametrize(
    ("on_terminal", "environment", "expected"),
    [
        pytest.param(True, {}, True, id="a terminal"),
        pytest.param(True, {"NO_COLOR": "1"}, True, id="without colours"),
        pytest.param(False, {"FORCE_COLOR": "1"}, False, id="a pipe, with colours"),
        pytest.param(True, {"CI": "true"}, False, id="CI"),
        pytest.param(True, {"CI": "1"}, False, id="CI as a number"),
        pytest.param(True, {"CI": "false"}, True, id="CI=false is no CI"),
        pytest.param(True, {"TERM": "dumb"}, False, id="a dumb terminal"),
    ],
)
def test_progress(on_terminal: bool, environment: dict[str, str], expected: bool) -> None:
    stream = Screen() if on_terminal else io.StringIO()
    assert terminal.shows_progress(stream, environment) is expected


def test_a_stream_that_is_closed_or_missing_shows_nothing() -> None:
    closed = io.StringIO()
    closed.close()
    for stream in (closed, None):
        assert not terminal.has_colour(stream, {})
        assert not terminal.shows_progress(stream, {})
        assert terminal.columns(stream) is None


def test_the_width_of_what_tells_none_is_the_usual_one() -> None:
    assert terminal.columns(io.StringIO()) is None
    assert terminal.columns(Screen()) == 80
