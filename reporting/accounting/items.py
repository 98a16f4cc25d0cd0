"""The data of an annual report that verification confirms, line by line, in the order of its table.

Components explain a total and must add up to it (`whole`).
"""

from decimal import Decimal
from fractions import Fraction

from registry.values.exact import half_up
from reporting.accounting.sector import EMISSIONS, FACTOR, MAIN_EMISSIONS, OUTPUT, Item
from reporting.accounting.sector import of as accounting_of
from reporting.accounting.terms import Accounts

__all__ = ["EMISSIONS", "EXACT", "FACTOR", "MAIN_EMISSIONS", "OUTPUT", "Item", "item", "of", "stated", "unrounded"]

EXACT = "_exact"
"""Behind an item's code or a detail's name: the same in full, as numerator/denominator, where its decimals say less."""


def of(sector: str) -> tuple[Item, ...]:
    """The items of a sector, in the order of its table."""
    return accounting_of(sector).items


def item(sector: str, code: str) -> Item:
    """The item of a sector by its code; KeyError where the sector has none of that name."""
    found = next((known for known in of(sector) if known.code == code), None)
    if found is None:
        raise KeyError(f"{sector}: {code}")
    return found


def stated(sector: str, line: str, accounts: Accounts) -> dict[str, Decimal]:
    """What the accounts say of a line, by item; an item that they don't know is left out."""
    total = accounts.totals.lines[line]
    known = {
        EMISSIONS: total.emissions,
        MAIN_EMISSIONS: total.main_emissions,
        OUTPUT: total.output,
        **total.details,
    }
    values = {wanted.code: (known.get(wanted.detail or wanted.code), wanted.places) for wanted in of(sector)}
    return {code: half_up(value, places) for code, (value, places) in values.items() if value is not None}


def unrounded(sector: str, line: str, accounts: Accounts) -> dict[str, Fraction]:
    """In full what `stated` says of a line with few decimals, by item: means, whose decimals may have no end."""
    means = accounts.totals.lines[line].means
    return {item.code: means[item.detail] for item in of(sector) if item.detail in means}
