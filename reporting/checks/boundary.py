"""Checks of what belongs to a steel works' emissions and what stays out of them."""

from collections.abc import Iterator
from decimal import Decimal

from reporting.checks.context import Checked, at
from reporting.findings import Finding


def left_out_was_consumed(checked: Checked) -> Iterator[Finding]:
    """Of a bought fuel no more can be left out (power market, ignition, transport) than was consumed."""
    for row in checked.content.table("fuel"):
        fuel = checked.guideline.fuels.get(row.item)
        excluded = row.amount("excluded")
        if (
            fuel is not None
            and not fuel.own_made
            and excluded > max(row.amount("consumed"), Decimal(0))
            and not checked.is_faulty(row, "consumed")
        ):
            params = {"excluded": f"{excluded:f}", "consumed": f"{row.amount('consumed'):f}"}
            yield at(row.data["excluded"], "excluded.too_large", item=checked.name(row), **params)


def power_unit_burns_own_fuel(checked: Checked) -> Iterator[Finding]:
    """Only power units that burn the works' own coke or gas are accounted beside the processes."""
    for line in checked.content.lines:
        rows = [row for row in checked.content.table("power", line=line) if row.amount()]
        fuels = [checked.guideline.fuels.get(row.item) for row in rows]
        if rows and not any(fuel is not None and fuel.own_made for fuel in fuels) and not checked.is_doubtful("power"):
            yield at(rows[0].data["amount"], "power.no_own_fuel", line=line)


CHECKS = (left_out_was_consumed, power_unit_burns_own_fuel)
