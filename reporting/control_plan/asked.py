"""Which parameters a plan must speak of: every datum that the sector's workbook asks for, read off the workbook's own definition.

asked(form, lines) -> tuple[Asked, ...]      in the workbook's order
group_of(form, row) -> Group | None          the group of the workbook that a month's row belongs to
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reporting.accounting.calibration import class_of
from reporting.content import Row
from reporting.control_plan.entries import CERTIFICATE_FILE, UNUSED, Place
from reporting.guidelines import Guideline
from reporting.workbook.definition import Field, Form, Group, Item, Words

METER_FIELDS = ("meter", "number", "site", "accuracy", "interval", "calibrated", "certificate", CERTIFICATE_FILE)
TESTED = ("ncv", "moisture")
"""What a laboratory finds; everything else that is measured has a meter."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One parameter. `is_metered`: it counts, so its meters are named; `words` are of the group's one item where the place has one."""

    place: Place
    group: Group
    field: Field
    is_metered: bool
    item: Words | None = None

    @property
    def hows(self) -> tuple[str, ...]:
        """The ways in which it may be obtained."""
        return (*self.field.hows, UNUSED)

    @property
    def is_tested(self) -> bool:
        return self.field.name in TESTED

    @property
    def fields(self) -> tuple[str, ...]:
        """What the plan fixes of it; no meter of what isn't metered, no laboratory of what isn't tested."""
        meter = (
            ("meter", "number", "site", "accuracy", "interval", "calibrated", "certificate", CERTIFICATE_FILE)
            if self.is_metered
            else ()
        )
        laboratory = ("laboratory", "accredited") if self.is_tested else ()
        return ("how", "source", *meter, *laboratory, "frequency", "fallback", "estimate")

    def accuracy(self, guideline: Guideline) -> Decimal:
        """The accuracy that the law requires of its meters, %: the least strict of what the group may hold."""
        codes = [self.place.item] if self.place.item else [item.code for item in self.group.items] or [""]
        return max(guideline.number(f"accuracy.{class_of(code, guideline)}") for code in codes)

    def of(self, item: Item) -> "Asked":
        """The parameter of one fuel or material of the group."""
        return replace(self, place=self.place._replace(item=item.code), item=item.words)


def asked(form: Form, lines: Sequence[str], extra: Sequence[Place] = ()) -> tuple[Asked, ...]:
    """The parameters for the lines; those of single fuels and materials (`extra`) stand below their group's."""
    wanted = set(extra)
    return tuple(found for general in _general(form, lines) for found in (general, *_single(general, wanted)))


def _single(general: Asked, wanted: set[Place]) -> Iterator[Asked]:
    for item in general.group.items:
        if general.place._replace(item=item.code) in wanted:
            yield general.of(item)


def _general(form: Form, lines: Sequence[str]) -> Iterator[Asked]:
    metered = {target.code for register in form.registers for target in register.targets}
    for sheet in form.sheets:
        for line, groups in (("", sheet.unit_groups), *((line, sheet.line_groups) for line in lines)):
            for group in groups:
                for field in group.fields:
                    if field.hows:
                        is_metered = f"{group.table}/{group.process}/{field.name}" in metered
                        yield Asked(Place(group.key, line, "", field.name), group, field, is_metered)


def group_of(form: Form, row: Row) -> Group | None:
    """Groups of one table differ by process and by the items that they take."""
    for group, _each_line in form.groups.values():
        if (group.table, group.process) == (row.table, row.process) and (
            not group.items or any(item.code == row.item for item in group.items)
        ):
            return group
    return None
