"""A control plan as pages show it: sections by line and process, a row for each parameter, a cell for each thing that is fixed."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from registry.files.tables import cells
from registry.values.bilingual import name_of
from registry.values.printed import percentage, plain
from reporting.content import NO, YES
from reporting.control_plan import CERTIFICATE_FILE, UNUSED, Asked, Entry, Fault, Place, Plan, asked, form_of
from reporting.control_plan.entries import BATCH, CONTINUOUS, DAY, MONTH, SHIFT
from reporting.workbook.definition import HOW_WORDS

LABELS: Mapping[str, Promise] = {
    "how": gettext_lazy("How obtained"),
    "source": gettext_lazy("Ledger or source"),
    "meter": gettext_lazy("Meter"),
    "number": gettext_lazy("Meter's number"),
    "site": gettext_lazy("Where it is"),
    "accuracy": gettext_lazy("Required accuracy, %"),
    "interval": gettext_lazy("Calibrated every … months"),
    "calibrated": gettext_lazy("Last calibrated"),
    "certificate": gettext_lazy("Certificate's number"),
    "certificate_file": gettext_lazy("Certificate (file)"),
    "laboratory": gettext_lazy("Laboratory"),
    "accredited": gettext_lazy("Accredited (CMA/CNAS)"),
    "frequency": gettext_lazy("How often"),
    "fallback": gettext_lazy("When missing"),
    "estimate": gettext_lazy("Conservative estimate"),
}
OFTEN: Mapping[str, Promise] = {
    CONTINUOUS: gettext_lazy("continuously"),
    SHIFT: gettext_lazy("each shift"),
    DAY: gettext_lazy("each day"),
    BATCH: gettext_lazy("each batch"),
    MONTH: gettext_lazy("each month"),
}
ANSWERS: Mapping[str, Promise] = {YES: gettext_lazy("yes"), NO: gettext_lazy("no")}
NOT_USED = gettext_lazy("not used here")

# The columns of the table: each cell of it holds these fields, one below the other.
COLUMNS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("How and from where"), ("how", "source", "frequency")),
    (
        gettext_lazy("Measured with"),
        (
            "meter",
            "number",
            "site",
            "accuracy",
            "interval",
            "calibrated",
            "certificate",
            "certificate_file",
            "laboratory",
            "accredited",
        ),
    ),
    (gettext_lazy("When missing"), ("fallback", "estimate")),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing fixed of a parameter; `shown` is its value in words, `options` make it a choice."""

    field: str
    input: str
    label: str
    value: str
    shown: str
    options: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()
    sha256: str = ""  # of a file


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter with its cells by column. `is_single`: it is about one fuel or material, and can be taken out."""

    place: Place
    label: str
    measure: str
    columns: tuple[tuple[Cell, ...], ...]
    faults: tuple[str, ...] = ()
    remark: str = ""
    is_single: bool = False

    @property
    def key(self) -> str:
        return self.place.key

    @property
    def has_faults(self) -> bool:
        return bool(self.faults or any(cell.faults for column in self.columns for cell in column))

    @property
    def is_unused(self) -> bool:
        return self.columns[0][0].value == UNUSED


@dataclass(frozen=True, slots=True)
class Block:
    """A group of the workbook on one line; `choices` are the fuels that may have rows of their own."""

    key: str
    heading: str
    rows: tuple[Row, ...]
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def fault_count(self) -> int:
        return sum(row.has_faults for row in self.rows)

    @property
    def remark_count(self) -> int:
        return sum(bool(row.remark) for row in self.rows)

    @property
    def is_unused(self) -> bool:
        return all(row.is_unused for row in self.rows)


@dataclass(frozen=True, slots=True)
class Section:
    """The whole unit, or a line."""

    line: str
    blocks: tuple[Block, ...] = field(default=())


def sections(plan: Plan, faults: Iterable[Fault] = (), remarks: Mapping[str, str] | None = None) -> list[Section]:
    """The plan in the workbook's order."""
    found: dict[str, dict[str, list[Asked]]] = {}
    for each in parameters(plan):
        found.setdefault(each.place.line, {}).setdefault(each.place.group, []).append(each)
    by_cell: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        by_cell.setdefault((fault.place.key, fault.field), []).append(fault.message)
    return [
        Section(line, tuple(_block(plan, line, group, by_cell, remarks or {}) for group in groups.values()))
        for line, groups in found.items()
    ]


def parameters(plan: Plan) -> tuple[Asked, ...]:
    """What the plan is asked for, with the single fuels and materials that it speaks of."""
    return asked(form_of(plan.sector, plan.year), plan.lines, tuple(plan.entries))


def labels(plan: Plan) -> dict[Place, str]:
    """Each parameter's full name."""
    return {
        each.place: " · ".join(text for text in (each.place.line, name_of(each.group.words), _label(each)) if text)
        for each in parameters(plan)
    }


def _block(
    plan: Plan, line: str, group: list[Asked], faults: Mapping[tuple[str, str], list[str]], remarks: Mapping[str, str]
) -> Block:
    first = group[0].group
    rows = tuple(_row(each, plan.entries.get(each.place) or Entry(), faults, remarks) for each in group)
    choices = tuple((item.code, name_of(item.words)) for item in first.offered) if len(first.offered) > 1 else ()
    return Block(f"{first.key}/{line}", name_of(first.words), rows, choices)


def _row(each: Asked, entry: Entry, faults: Mapping[tuple[str, str], list[str]], remarks: Mapping[str, str]) -> Row:
    key = each.place.key
    cells = {name: _cell(each, name, getattr(entry, name), tuple(faults.get((key, name), ()))) for name in each.fields}
    columns = tuple(tuple(cells[name] for name in names if name in cells) for _title, names in COLUMNS)
    whole = tuple(faults.get((key, ""), ()))
    return Row(
        each.place, _label(each), each.field.measure, columns, whole, remarks.get(key, ""), each.item is not None
    )


def _label(each: Asked) -> str:
    own = name_of(each.field.words)
    return f"{own} · {name_of(each.item)}" if each.item else own


def _cell(each: Asked, name: str, value: str, faults: tuple[str, ...]) -> Cell:
    if name == CERTIFICATE_FILE:
        sha256, _sep, named = value.partition(" ")
        return Cell(name, f"{each.place.key}:{name}", str(LABELS[name]), value, named, faults=faults, sha256=sha256)
    options = _options(each, name)
    shown = dict(options).get(value, value) if value else ""
    return Cell(name, f"{each.place.key}:{name}", str(LABELS[name]), value, shown, options, faults)


def _options(each: Asked, name: str) -> tuple[tuple[str, str], ...]:
    if name == "how":
        return tuple((how, str(NOT_USED) if how == UNUSED else name_of(HOW_WORDS[how])) for how in each.hows)
    known = {"frequency": OFTEN, "accredited": ANSWERS}.get(name)
    return tuple((code, str(words)) for code, words in known.items()) if known else ()


def shown(each: Asked | None, name: str, value: str) -> str:
    """A value as a reader sees it."""
    if name == CERTIFICATE_FILE:
        return value.partition(" ")[2]
    if each is None or not value:
        return value
    return dict(_options(each, name)).get(value, value)


def typed(plan: Plan, posted: Mapping[str, str]) -> Plan:
    """The plan with what was typed; what the form did not have stays."""
    entries = dict(plan.entries)
    for each in parameters(plan):
        before = entries.get(each.place) or Entry()
        typed_here = (name for name in each.fields if name != CERTIFICATE_FILE)
        texts = {name: posted.get(f"{each.place.key}:{name}") for name in typed_here}
        kept = {name: _kept(name, getattr(before, name), text) for name, text in texts.items() if text is not None}
        entries[each.place] = replace(before, **kept)
    return replace(plan, entries=entries)


def clean(text: str) -> str:
    """A text as it was typed, without what no reader sees: control signs, and spaces round it."""
    return "".join(sign for sign in text if unicodedata.category(sign)[0] != "C").strip()[:1000]


def _kept(name: str, before: str, text: str) -> str:
    """What a field holds once the text was sent; what says the same as before stays as it was written."""
    typed = clean(text)
    read = _READ.get(name)
    if typed == before or read is None:
        return typed
    return before if read(typed) == read(before) else read(typed)


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _day(text: str) -> str:
    try:
        return cells.day(text).isoformat()
    except cells.CellError:
        return plain(text)


# Numbers, days and codes are kept in half width, as they are compared with months; sentences as they were typed.
_READ: Mapping[str, Callable[[str], str]] = {
    "number": _narrow,  # several meters stand with commas between them, which group no digits
    "accuracy": percentage,
    "interval": plain,
    "calibrated": _day,
    "estimate": plain,
}


def with_single(plan: Plan, group: str, line: str, item: str) -> Plan:
    """The plan with rows of their own for one fuel or material: of what is tested, of what is metered."""
    entries = dict(plan.entries)
    for each in _general(plan, group, line):
        if (each.is_metered or each.is_tested) and any(known.code == item for known in each.group.items):
            entries.setdefault(each.place._replace(item=item), entries.get(each.place) or Entry())
    return replace(plan, entries=entries)


def without_single(plan: Plan, key: str) -> Plan:
    """The plan without a row of one fuel or material: what its group says counts for it again."""
    kept = {place: entry for place, entry in plan.entries.items() if place.key != key or not place.item}
    return replace(plan, entries=kept)


def without_file(plan: Plan, key: str) -> Plan:
    """The plan without the file of a certificate."""
    entries = {
        place: replace(entry, certificate_file="") if place.key == key else entry
        for place, entry in plan.entries.items()
    }
    return replace(plan, entries=entries)


def _general(plan: Plan, group: str, line: str) -> Iterator[Asked]:
    return (each for each in parameters(plan) if each.place[:3] == (group, line, ""))
