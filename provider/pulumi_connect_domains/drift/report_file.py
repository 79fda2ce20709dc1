"""Reads the file of a JSON report. What this program wrote is taken line by line, so memory does not grow with the domains.

`formats.json_format` writes each domain in a line of its own. A text in JSON holds no line end (RFC 8259, section 7), so no line begins or
ends within one. What stands around the domains are two small documents:

    {                          the head, read as if the list of domains ended at once
      "version": 1, …,
      "domains": [
        {"status": …},         a domain in each line, and a comma after each but the last
        {"status": …}
      ],                       the tail, read as if the document began with this list
      "problems": …
    }

A report in another layout (reformatted by another program, of an earlier version, without a domain, in UTF-16) is read whole. So it may
not be as big.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from ..model.errors import ConfigurationError, TooBig, Unreadable
from ..stacks import files
from ..stacks.documents import NotJson, json_of
from . import report_reading
from .model import DomainReport, Report

Keep = Callable[[Iterable[DomainReport]], Collection[DomainReport]]
"""Goes through all domains of a report, and gives back those that it is to hold."""

MOST_LINE_BYTES = 16 * 1024**2
"""Of a domain. It takes some times as much memory while it is read."""

_BEGIN_OF_LIST = b'"domains": ['
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n"  # source: RFC 8259, section 2
_ADVICE = "a report of any size is read as connect-domains writes it (--out json=FILE), with one domain in a line"


def from_file(name: str, option: str = "", keep: Keep = tuple) -> Report:
    """The report in the file, of whose domains it holds what `keep` keeps; `-` is standard input.

    Raises: ConfigurationError, which names option and file, the member, and why.
    """
    about = " ".join(filter(None, (option, "standard input" if name == files.STANDARD_INPUT else files.called(name))))
    try:
        with files.opened(name) as file:
            return _report(file, keep)
    except Unreadable as error:
        raise ConfigurationError(f"{about}: {error}") from None


def _report(file: BinaryIO, keep: Keep) -> Report:
    begin, first = _begin(file)
    head = _of_head(begin) if _is_domain(first) else None
    if head is None:
        return _whole(file, begin + first, keep)
    report_reading.require_version(head)
    lines = _Lines(file, first, begin.count(b"\n") + 1)
    domains = keep(lines.domains())
    found = report_reading.read({**head, **lines.tail(), "domains": ()}, lines.read)
    return replace(found, domains=domains)


def _whole(file: BinaryIO, begin: bytes, keep: Keep) -> Report:
    """The report in the file, of which `begin` was read already."""
    try:
        report = report_reading.read(json_of(files.rest(file, begin)))
    except TooBig as error:
        raise Unreadable(f"{error}; {_ADVICE}") from None
    return replace(report, domains=keep(report.domains))


def _begin(file: BinaryIO) -> tuple[bytes, bytes]:
    """The head, and the line after it. Where the layout is another: as much of the file as shows that, and nothing."""
    line = file.readline(len(_BYTE_ORDER_MARK) + 3)
    head, most = bytearray(line), files.MOST_BYTES
    if line.removeprefix(_BYTE_ORDER_MARK) in (b"{\n", b"{\r\n"):
        while len(head) <= most and (line := file.readline(most)):
            head += line
            if line.strip(_BLANKS) == _BEGIN_OF_LIST:
                return bytes(head), file.readline(MOST_LINE_BYTES + 1)
    return bytes(head), b""


def _is_domain(line: bytes) -> bool:
    """Whether the line holds all of a domain, as far as its begin and its end tell."""
    return line.lstrip(_BLANKS).startswith(b'{"') and line.rstrip(_BLANKS).endswith((b"}", b"},"))


def _of_head(head: bytes) -> dict[str, Any] | None:
    """The members before the domains; None where the list of domains is not the report's own, or nothing says whose the report is."""
    try:
        document = json_of(head + b"]}")  # which ends the document only if it is in no list or object of another
    except Unreadable:
        return None
    return document if "version" in document and "tool" in document else None


class _Lines:
    """The lines of a file from its first domain on."""

    def __init__(self, file: BinaryIO, first: bytes, number: int) -> None:
        """`number` is that of the first line, from 1."""
        self._file, self._line, self._number = file, first, number
        self.read = 0
        """How many domains have been read."""

    def domains(self) -> Iterator[DomainReport]:
        """All domains. Raises: Unreadable, which names the member and the line."""
        has_more = True
        while has_more:
            if not self._line:
                raise Unreadable(f"is cut off after domains[{self.read - 1}] (line {self._number - 1})")
            if len(self._line) > MOST_LINE_BYTES:
                raise Unreadable(f"domains[{self.read}]: is bigger than {MOST_LINE_BYTES // 1024**2} MiB")
            own = self._line.rstrip(_BLANKS)
            has_more = own.endswith(b",")
            yield report_reading.domain(self._document(own[:-1] if has_more else own), self.read)
            self.read += 1
            self._number += 1
            self._line = self._file.readline(MOST_LINE_BYTES + 1)

    def _document(self, line: bytes) -> Any:
        path = f"domains[{self.read}]"
        try:
            return json_of(line.decode("utf-8"), levels_above=2)
        except UnicodeDecodeError:
            raise Unreadable(f"{path}: is not JSON: it is not text (line {self._number})") from None
        except NotJson as error:
            at = f"line {self._number}, column {error.column}"
            raise Unreadable(f"{path}: is not JSON in one line: {error.words}: {at}") from None
        except Unreadable as error:
            raise Unreadable(f"{path}: {error} (line {self._number})") from None

    def tail(self) -> dict[str, Any]:
        """The members after the domains. Raises: Unreadable, which names the line."""
        if not self._line.lstrip(_BLANKS).startswith(b"]"):
            if not self._line:
                raise Unreadable(f"is cut off after domains[{self.read - 1}] (line {self._number - 1})")
            raise Unreadable(f"is not JSON: a comma or the end of the domains was expected: line {self._number}")
        # An empty name, which no member has; and line ends, so that the lines have their numbers.
        before = b"\n" * (self._number - 2) + b'{"": [\n'
        try:
            members: dict[str, Any] = json_of(before + files.rest(self._file, self._line))
        except NotJson as error:
            raise Unreadable(f"is not JSON: {error.words}: {error.place}") from None
        if "domains" in members:
            raise Unreadable("domains: stands in it twice")
        del members[""]
        return members
