"""The data of an annual report that verification confirms, line by line, in the order of its table.

Components explain a total and must add up to it (`whole`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.values.exact import half_up
from registry.values.sectors import Sector
from reporting.accounting import Accounts, LineTotal

__all__ = ["EXACT", "ITEMS", "Item", "item", "stated", "unrounded"]

EMISSIONS, MAIN_EMISSIONS, OUTPUT = "emissions", "main_emissions", "output"

EXACT = "_exact"
"""Behind an item's code or a detail's name: the same in full, as numerator/denominator, where its decimals say less."""

TONNES, CO2, FACTOR = "t", "tCO2e", "tCO2/t"


@dataclass(frozen=True, slots=True)
class Item:
    """One datum: `places` are the decimals it is stated with, `whole` the item that it is a component of."""

    code: str
    label: str | Promise
    measure: str
    places: int = 2
    whole: str = ""


ITEMS: Mapping[str, tuple[Item, ...]] = {
    Sector.STEEL: (
        Item(EMISSIONS, _("Emissions of the steel works"), CO2),
        Item("ironmaking", _("Emissions of ironmaking"), CO2, whole=MAIN_EMISSIONS),
        Item("sintering", _("Emissions of sintering"), CO2, whole=MAIN_EMISSIONS),
        Item(MAIN_EMISSIONS, _("Emissions of the main processes"), CO2),
        Item(OUTPUT, _("Output of ironmaking"), TONNES),
        Item("crude_steel", _("Output of crude steel"), TONNES),
    ),
    Sector.CEMENT: (
        Item("fuel", _("Emissions of fossil fuel combustion"), CO2, whole=EMISSIONS),
        Item("process", _("Process emissions"), CO2, whole=EMISSIONS),
        Item(EMISSIONS, _("Emissions of the clinker line"), CO2),
        Item(OUTPUT, _("Output of clinker"), TONNES),
        Item("clinker_ef", _("Process emission factor of the clinker"), FACTOR, places=4),
        Item("carbide_slag", _("Carbide slag consumed"), TONNES),
        Item("carbide_slag_deduction", _("Deduction coefficient of carbide slag"), FACTOR, places=4),
    ),
    Sector.ALUMINIUM: (
        Item("anode", _("Emissions of energy used as raw material"), CO2, whole=EMISSIONS),
        Item("effect", _("Emissions of the anode effect"), CO2, whole=EMISSIONS),
        Item(EMISSIONS, _("Emissions of the electrolysis process"), CO2),
        Item(OUTPUT, _("Output of liquid aluminium"), TONNES),
    ),
}


# The detail of the accounts (reporting.accounting.LineTotal) that states a factor.
_FACTORS = {"clinker_ef": "clinker_factor", "carbide_slag_deduction": "carbide_slag_factor"}


def item(sector: str, code: str) -> Item:
    """The item of a sector by its code; KeyError where the sector has none of that name."""
    found = next((known for known in ITEMS[sector] if known.code == code), None)
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
        **{code: total.details.get(name) for code, name in _FACTORS.items()},
        **_components(total),
    }
    values = {wanted.code: (known.get(wanted.code), wanted.places) for wanted in ITEMS[sector]}
    return {code: half_up(value, places) for code, (value, places) in values.items() if value is not None}


def _components(total: LineTotal) -> dict[str, Decimal]:
    names = ("ironmaking", "sintering", "crude_steel", "fuel", "process", "carbide_slag", "anode", "effect")
    return {name: total.details[name] for name in names if name in total.details}


def unrounded(line: str, accounts: Accounts) -> dict[str, Fraction]:
    """In full what `stated` says of a line with few decimals, by item: means, whose decimals may have no end."""
    means = accounts.totals.lines[line].means
    return {code: means[name] for code, name in _FACTORS.items() if name in means}
