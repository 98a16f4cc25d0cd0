"""Checks of the dry basis: what the guideline asks for beside the ledger of every solid fuel that is bought."""

from collections.abc import Iterator
from decimal import Decimal

from reporting.checks.context import Checked, at
from reporting.checks.ledgers import missing
from reporting.content import Row
from reporting.findings import Finding, both
from reporting.guidelines import OWN
from reporting.workbook.definition import Group

BASIS = ("moisture", "dry")
WATER = Decimal(100)


def bought_solid_states_its_basis(checked: Checked) -> Iterator[Finding]:
    """Of every solid fuel that is bought in a month its moisture and its net use on the dry basis are stated; 0 where there was none."""
    if checked.content.is_year:  # a year was reported before there were months
        return
    for row, group in _solids(checked):
        for name in BASIS:
            field = group.field(name)
            if field is not None and row.amount("purchased") and row.number(name) is None:
                item = f"{checked.name(row)} · {both(field.words.zh, field.words.en)}"
                place = ("fuel", row.line, row.process, row.item, name)
                yield from missing(checked, place, item, row.data["purchased"])


def moisture_leaves_fuel(checked: Checked) -> Iterator[Finding]:
    """Moisture is a share of the fuel as received: below 100 %, or nothing of it would burn."""
    for row, _group in _solids(checked):
        if row.amount("moisture") >= WATER:
            yield at(
                row.data["moisture"], "moisture.too_high", item=checked.name(row), found=f"{row.amount('moisture'):f}"
            )


def dry_use_follows(checked: Checked) -> Iterator[Finding]:
    """Net use on the dry basis = net use × (1 − moisture), as far as the decimals of the three can tell.

    A month's moisture is the mean of many weighings, rounded; the dry amounts are added up before that. So each of the three may be half
    a unit of its last decimal off, and no more.
    """
    for row, group in _solids(checked):
        use, moisture, dry = (row.number(name) for name in ("consumed", *BASIS))
        if use is None or moisture is None or dry is None or moisture >= WATER:
            continue
        expected = use * (WATER - moisture) / WATER
        if abs(dry - expected) > _slack(group, use, moisture):
            params = {"use": f"{use:f}", "moisture": f"{moisture:f}", "dry": f"{dry:f}", "expected": f"{expected:.2f}"}
            yield at(row.data["dry"], "dry.not_from_moisture", item=checked.name(row), **params)


def _solids(checked: Checked) -> Iterator[tuple[Row, Group]]:
    """The ledger's rows for which the workbook asks for a dry basis; that own make was bought is told by itself (ledgers)."""
    for row in checked.content.table("fuel"):
        group, fuel = checked.group(row), checked.guideline.fuels.get(row.item)
        is_own = fuel is not None and fuel.origin == OWN
        if group is not None and group.field("dry") is not None and not (is_own and row.amount("purchased")):
            yield row, group


def _slack(group: Group, use: Decimal, moisture: Decimal) -> Decimal:
    """How far apart rounding alone can bring the two sides: half a unit of the last decimal of each of the three."""
    half = {field.name: Decimal(5).scaleb(-field.places - 1) for field in group.fields}
    share = (WATER - moisture) / WATER
    return half["dry"] + half["consumed"] * share + (abs(use) + half["consumed"]) * half["moisture"] / WATER


CHECKS = (bought_solid_states_its_basis, moisture_leaves_fuel, dry_use_follows)
