"""A look at a sheet's XML before its values are read: how far it reaches, and what the values alone don't tell.

The values' parser keeps a sheet as a full rectangle and gives an empty text for a formula that was never calculated and for an
error; so merged cells, such formulas, errors and far-away cells are found here, in one pass that stops at the limits.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from posixpath import normpath
from xml.parsers import expat

from reporting.workbook.reading.safety import RELATIONS_PART, SHARED_PART, WORKBOOK_PART, Package, Refused
from reporting.workbook.spec import Limits

Attributes = Mapping[str, str]
Cell = tuple[int, int]
"""Row and column from 0."""

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile("[1-9][0-9]{0,6}")


@dataclass
class Survey:
    """What a sheet is like; `text_cells` counts the cells that take a shared text."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    text_cells: int = 0
    merged: list[str] = field(default_factory=list)
    formulas: set[Cell] = field(default_factory=set)
    uncalculated: set[Cell] = field(default_factory=set)
    errors: set[Cell] = field(default_factory=set)


def sheet_parts(package: Package) -> dict[str, str]:
    """The sheets' parts by sheet name; raises Refused if the workbook's own parts can't be read.

    Where two readers could come to two parts, one would be surveyed and the other one read: so that is refused, too.
    """
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(tag: str, attributes: Attributes) -> None:
        if tag != "Relationship":
            return
        target, identifier = attributes.get("Target", ""), attributes.get("Id", "")
        _demand_one(targets, identifier, "relationships")
        targets[identifier] = "" if attributes.get("TargetMode") == "External" else _part(target)

    def sheet(tag: str, attributes: Attributes) -> None:
        if tag == "sheet":
            identifiers = [value for key, value in attributes.items() if key.endswith(":id")]
            name = attributes.get("name", "")
            _demand_one(sheets, name, "sheets")
            if len(identifiers) > 1:
                raise Refused("file.unsafe", part=WORKBOOK_PART)
            sheets[name] = identifiers[0] if identifiers else ""

    scan(package, RELATIONS_PART, relation)
    scan(package, WORKBOOK_PART, sheet)
    return {
        name: targets[identifier] for name, identifier in sheets.items() if targets.get(identifier) in package.parts
    }


def demand_honest_counts(package: Package) -> None:
    """Refuse shared texts that claim to be more than can stand in their part.

    The values' parser makes room for as many as are claimed before it reads them; and where there is no such room, its process ends.
    """

    def start(tag: str, attributes: Attributes) -> None:
        for name, claimed in attributes.items() if tag == "sst" else ():
            if name.rpartition(":")[2] == "uniqueCount" and not _can_be(claimed, len(package.parts[SHARED_PART])):
                raise Refused("file.bomb", part=SHARED_PART)

    if SHARED_PART in package.parts:
        scan(package, SHARED_PART, start)


def _can_be(claimed: str, size: int) -> bool:
    """Whether a part of this size holds so many texts; an empty one takes five bytes, <si/>."""
    return claimed.isascii() and claimed.isdigit() and len(claimed) < 10 and int(claimed) <= size // len("<si/>")


def _part(target: str) -> str:
    """The part that a relationship of the workbook leads to; "" for one that another reader might look for elsewhere."""
    whole = target[1:] if target.startswith("/xl/") else f"xl/{target}"
    return whole if whole == normpath(whole) and not target.startswith("xl/") else ""


def _demand_one(known: Mapping[str, str], name: str, what: str) -> None:
    if name in known:
        raise Refused("file.unsafe", part=f"duplicate {what}")


def survey(package: Package, part: str, limits: Limits) -> Survey:
    """One pass over a sheet; raises Refused beyond the limits."""
    found = Survey()
    _State(found, limits).scan(package, part)
    shared = len(package.parts.get(SHARED_PART, b""))
    if found.text_cells * shared > limits.text_bytes and found.text_cells * _longest_text(package) > limits.text_bytes:
        raise Refused("file.bomb", part=SHARED_PART)
    return found


def scan(
    package: Package,
    part: str,
    start: Callable[[str, Attributes], None],
    text: Callable[[str], None] | None = None,
) -> None:
    """Run over a part's elements by local name; raises Refused if it is missing or no XML."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    if text is not None:
        parser.CharacterDataHandler = text
    _run(parser, package, part)


def _run(parser: expat.XMLParserType, package: Package, part: str) -> None:
    content = package.parts.get(part)
    if content is None:
        raise Refused("file.damaged", part=part[:80])
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Refused("file.damaged", part=part[:80]) from error


class _State:
    """Where in the sheet the scan is. Rows and cells may leave their reference out; then they follow the one before.

    Nearly all of a sheet are cells in which nothing stands, and each costs a call: the end of an element and the text in it are only
    listened for while a formula's value is awaited.
    """

    def __init__(self, found: Survey, limits: Limits) -> None:
        self.found, self.limits = found, limits
        self.row, self.column = -1, -1
        self.stated: int | None = None  # the row's number, if it says so
        self.last: Cell = (-1, -1)
        self.kind: str | None = None
        self.formula = self.value = self.calculated = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start

    def scan(self, package: Package, part: str) -> None:
        """Run over the sheet; raises Refused."""
        _run(self.parser, package, part)

    def start(self, tag: str, attributes: Attributes) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag in ("v", "is"):
            if self.value:  # which of two values a cell has is anybody's guess
                raise Refused("file.damaged", part=f"<{tag}>")
            self.value = True
            if self.formula:
                self._await_result()
            self._reach()
        elif tag == "f":
            if self.value:  # a formula comes before its value, or one reader takes the value and another doesn't
                raise Refused("file.damaged", part="<f>")
            self.formula = True
            self.found.formulas.add((self.row, self.column))
            self.parser.EndElementHandler = self.end
        elif tag == "row":
            number = attributes.get("r")
            self.row = self.row + 1 if number is None else int(_demanded(_ROW, number)[0]) - 1
            self.column = -1
            self.stated = None if number is None else self.row
        elif tag == "mergeCell":
            self.found.merged.append(attributes.get("ref", "")[:40])
            self._count()

    def _await_result(self) -> None:
        """An empty <v/> is what programs write that don't calculate; only where the result is a text it may be an empty one."""
        self.calculated = self.kind == "str"
        self.parser.CharacterDataHandler = None if self.calculated else self.text

    def text(self, characters: str) -> None:
        if not characters.isspace():
            self.calculated = True
            self.parser.CharacterDataHandler = None

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in ("v", "is"):
            self.parser.CharacterDataHandler = None
        elif tag == "c":
            self.parser.EndElementHandler = None
            if self.formula and not self.calculated:
                self.found.uncalculated.add((self.row, self.column))

    def _cell(self, attributes: Attributes) -> None:
        self._count()
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            self.row, self.column = _place(reference)
        place = (self.row, self.column)
        if place <= self.last or (self.stated is not None and self.stated != self.row):
            # A cell that stands there twice, or in another row than its own: readers differ on what holds.
            raise Refused("file.damaged", part=f"r={reference!r}"[:40])
        self.last = place
        self.formula = self.value = self.calculated = False
        self.kind = kind = attributes.get("t")
        if kind == "s":
            self.found.text_cells += 1
        elif kind == "e":
            self.found.errors.add(place)

    def _count(self) -> None:
        self.found.cells += 1
        if self.found.cells > self.limits.cells:
            raise Refused("file.bomb", part=f"> {self.limits.cells} cells")

    def _reach(self) -> None:
        found = self.found
        if self.row < found.rows and self.column < found.columns:
            return
        found.rows, found.columns = max(found.rows, self.row + 1), max(found.columns, self.column + 1)
        if found.rows > self.limits.rows or found.columns > self.limits.columns:
            raise Refused("file.sheet_too_large", rows=str(found.rows), columns=str(found.columns))


@lru_cache(maxsize=2**14)
def _place(reference: str) -> Cell:
    """A cell's row and column; the sheets of all workbooks have the same references. Raises Refused."""
    match = _demanded(_REFERENCE, reference)
    return int(match[2]) - 1, column_number(match[1].upper())


def _demanded(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    """A reference that we understand; what we don't, another reader might take for a place at the end of the world."""
    match = pattern.fullmatch(text)
    if match is None:
        raise Refused("file.damaged", part=f"r={text[:20]!r}")
    return match


def column_number(letters: str) -> int:
    """A column's number from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """A column's letters."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _longest_text(package: Package) -> int:
    """The longest shared text, in characters."""
    longest = current = 0

    def start(tag: str, _attributes: Attributes) -> None:
        nonlocal current
        if tag == "si":
            current = 0

    def text(characters: str) -> None:
        nonlocal longest, current
        current += len(characters)
        longest = max(longest, current)

    scan(package, SHARED_PART, start, text=text)
    return longest
