"""A plan as one reads a law: each rule a sentence with its numbers in place, each sentence with the values that it is made from.

A sentence names the plan's parameters that it says; it is said where all of them are in force in the year. Whatever no sentence says is
still read, as its name and its value.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation.plans import PlanYear, usable_vintages
from allocation.plans.clause import Clause
from allocation.templatetags.allocation_law import as_read, unit_as_read
from registry import law
from registry.law import DatedValue, Parameter
from registry.values.bilingual import in_language, listed, name_of

__all__ = ["SENTENCES", "Sentence", "clauses", "later", "of_sectors"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """`names` are the parameters it says, by the word that stands for each in the text; `texts` go by the first one's value, if several.

    Where it is said of a whole heading of the plan, one for each sector, `under` is the heading: %(each)s are all its parameters.
    """

    names: Mapping[str, str]
    texts: Promise | Mapping[str, Promise]
    under: str = ""

    def said(self, terms: PlanYear) -> Mapping[str, str]:
        """The parameters it says in this plan, by their words."""
        if not self.under:
            return self.names
        return {name: name for name in terms.plan.parameters if name.startswith(f"{self.under}.")}

    def text(self, terms: PlanYear) -> Promise | None:
        """The text for the year; None where the year's plan has not got all of it, or says something that no text knows."""
        values = [terms.find(name) for name in self.said(terms).values()]
        if not values or any(value is None for value in values):
            return None
        if isinstance(self.texts, Mapping):
            return self.texts.get(str(values[0].value if values[0] else ""))
        return self.texts


# The order is the one in which they are read; a section begins with the first part of its names.
SENTENCES = (
    Sentence(
        {"method": "determination.method"},
        {
            "equal_to_verified": gettext_lazy("The determined quota of a line equals its verified emissions."),
            "intensity_coefficient": gettext_lazy(
                "The determined quota of a line is its verified emissions × (1 + intensity coefficient)."
            ),
        },
    ),
    Sentence(
        {"slope": "determination.slope", "limit": "determination.limit"},
        gettext_lazy(
            "The intensity coefficient is %(slope)s × the intensity deviation, as long as the deviation lies between "
            "−%(limit)s and +%(limit)s. The deviation is (balance value − intensity) ÷ balance value."
        ),
    ),
    Sentence(
        {"cap": "determination.cap", "limit": "determination.limit"},
        gettext_lazy(
            "The coefficient is never above +%(cap)s nor below −%(cap)s: it is +%(cap)s where the deviation is +%(limit)s or more, "
            "and −%(cap)s where it is −%(limit)s or less."
        ),
    ),
    Sentence(
        {"kind": "determination.kinds.white"},
        {"equal": gettext_lazy("A line making only white clinker gets a quota equal to its verified emissions.")},
    ),
    Sentence(
        {"kind": "determination.kinds.gypsum_acid"},
        {"equal": gettext_lazy("A gypsum-to-sulphuric-acid line gets a quota equal to its verified emissions.")},
    ),
    Sentence(
        {"kind": "determination.kinds.carbide_slag", "rate": "determination.carbide_slag_rate"},
        {
            "any_line_above_rate": gettext_lazy(
                "A line whose carbide-slag rate in the year is above %(rate)s gets a quota equal to its verified emissions, "
                "whatever kind it is registered as; at %(rate)s or below the coefficient applies."
            )
        },
    ),
    Sentence(
        {"kind": "determination.kinds.oxygen_furnace"},
        {
            "equal": gettext_lazy(
                "An oxygen furnace with hydrogen-rich carbon cycling gets a quota equal to its verified emissions."
            )
        },
    ),
    Sentence(
        {"limit": "determination.small_unit"},
        gettext_lazy("A unit with verified emissions of %(limit)s t or less gets a quota equal to its emissions."),
    ),
    Sentence(
        {"counts": "determination.small_unit_counts"},
        gettext_lazy("For that limit count: %(counts)s."),
    ),
    Sentence(
        {"commissioned": "determination.commissioned_in_the_year"},
        {
            "outside": gettext_lazy("A line commissioned in the year is outside that year's allocation."),
            "equal": gettext_lazy("A line commissioned in the year gets a quota equal to its verified emissions."),
        },
    ),
    Sentence(
        {"closed": "determination.closed_before_determination"},
        {
            "outside": gettext_lazy("A line closed before the determination is outside that year's allocation."),
            "equal": gettext_lazy(
                "A line closed before the determination gets a quota equal to its verified emissions."
            ),
        },
    ),
    Sentence({"until": "determination.closed_until"}, gettext_lazy("A closure counts up to: %(until)s.")),
    Sentence({"means": "determination.outside_means"}, gettext_lazy("Outside the allocation means: %(means)s.")),
    Sentence(
        {"day": "determination.day"}, gettext_lazy("Where no other day is given, quota is determined on %(day)s.")
    ),
    Sentence(
        {"places": "rounding.verified_emissions"},
        {"0": gettext_lazy("Verified emissions of a line are whole tonnes, rounded half-up.")},
    ),
    Sentence(
        {"rounding": "rounding.ratios"},
        {
            "none": gettext_lazy(
                "Intensity, deviation and coefficient are not rounded: rounded figures are for display only."
            )
        },
    ),
    Sentence(
        {"rounding": "rounding.quota"},
        {"floor": gettext_lazy("Quota is whole tonnes, rounded down line by line.")},
    ),
    Sentence(
        {"places": "balance_value.places"},
        gettext_lazy(
            "The balance value of a sector and year is the one at which the quota of all its lines equals their emissions; it is rounded "
            "half-up to %(places)s decimals."
        ),
    ),
    Sentence(
        {"interval": "balance_value.of_an_interval"},
        {"middle": gettext_lazy("Where a whole interval balances, its middle is taken.")},
    ),
    Sentence(
        {"moved": "balance_value.moved_by_later_results"},
        {"False": gettext_lazy("Changes to verified results after the balance value is published do not change it.")},
    ),
    Sentence(
        {"lowered": "pre_allocation.lowered_by_authority", "rate": "pre_allocation.rate"},
        {
            "False": gettext_lazy(
                "As pre-allocation a line receives %(rate)s of its verified emissions in the previous year."
            ),
            "True": gettext_lazy(
                "As pre-allocation a line receives at most %(rate)s of its verified emissions in the previous year; "
                "the province may lower the rate for individual units."
            ),
        },
    ),
    Sentence(
        {"rounding": "pre_allocation.rounding"},
        {"floor": gettext_lazy("Pre-allocation is in whole tonnes, rounded down.")},
    ),
    Sentence(
        {"order": "deductions.order"},
        {"oldest_first": gettext_lazy("Where several decisions deduct quota, the oldest is carried out first.")},
    ),
    Sentence(
        {"order": "deductions.given_back"},
        {"latest_first": gettext_lazy("Excess deductions are returned to the latest decision first.")},
    ),
    Sentence(
        {"grounds": "issue.differentiated"},
        gettext_lazy(
            "Quota is subject to differentiated issuance, through the province's account, on these grounds: "
            "%(grounds)s."
        ),
    ),
    Sentence(
        {"steps": "issue.differentiated_at"},
        gettext_lazy("Differentiated issuance applies at these steps: %(steps)s."),
    ),
    Sentence(
        {"days": "issue.changed_result_within"},
        gettext_lazy("Where a verified result changes, quota is re-determined within %(days)s working days."),
    ),
    Sentence(
        {"vintages": "surrender.vintages"},
        gettext_lazy("Compliance for the year may be met with quota of these vintages: %(vintages)s."),
    ),
    Sentence(
        {"share": "surrender.ccer.share", "day": "surrender.ccer.registered_after"},
        gettext_lazy(
            "At most %(share)s of the tonnes due may be met with voluntary emission reductions (CCER) registered "
            "after %(day)s."
        ),
    ),
    Sentence(
        {"counts": "surrender.ccer.from_covered_units"},
        {"False": gettext_lazy("Reductions from projects inside covered units don't count.")},
    ),
    Sentence(
        {"factor": "carry_over.net_sales_factor", "vintages": "carry_over.vintages"},
        gettext_lazy(
            "A unit may carry over, of vintages %(vintages)s, at most its base + %(factor)s × its net sales, rounded "
            "down, and never more than it holds."
        ),
    ),
    Sentence({}, gettext_lazy("The base of a unit: %(each)s."), under="carry_over.base"),
    Sentence(
        {"several": "carry_over.base_of_several_sectors"},
        {
            "once": gettext_lazy("A unit in several sectors has one base."),
            "sum": gettext_lazy("The base of a unit in several sectors is the sum of the sectors' bases."),
        },
    ),
    Sentence(
        {"first": "carry_over.trades_from", "last": "carry_over.trades_until", "holdings": "carry_over.holdings_on"},
        gettext_lazy("Trades from %(first)s to %(last)s count; holdings are taken as of %(holdings)s, 23:59."),
    ),
    Sentence(
        {
            "notice": "carry_over.notice_by",
            "requests": "carry_over.requests_until",
            "batch": "carry_over.first_batch_until",
            "batch_by": "carry_over.first_batch_processed_by",
            "by": "carry_over.processed_by",
        },
        gettext_lazy(
            "Units are notified by %(notice)s and may request until %(requests)s; requests up to %(batch)s are processed by "
            "%(batch_by)s, later ones by %(by)s."
        ),
    ),
    Sentence(
        {"days": "carry_over.issued_within"},
        gettext_lazy("The same number of new quota follows within %(days)s working days."),
    ),
    Sentence(
        {"years": "carry_over.refused_if_late_in"},
        gettext_lazy("A unit that missed the surrender deadline of these years may not apply: %(years)s."),
    ),
)


def clauses(terms: PlanYear) -> list[tuple[str, list[Clause]]]:
    """(code of the section, its clauses): everything that the plan says for the year, each value in at least one clause."""
    read: dict[str, list[Clause]] = {}
    said: set[str] = set()
    for sentence in SENTENCES:
        if (text := sentence.text(terms)) is not None:
            names = sentence.said(terms)
            known = {word: (terms.plan.parameters[name], terms.value(name)) for word, name in names.items()}
            each = listed(_named(*pair) for pair in known.values()) if sentence.under else ""
            filled = str(text) % {"each": each, **{word: as_read(*pair) for word, pair in known.items()}}
            section = next(iter(names.values())).split(".")[0]
            read.setdefault(section, []).append(Clause(filled, tuple(known.values())))
            said |= set(names.values())
    for name, parameter in terms.plan.parameters.items():
        value = terms.find(name)
        if value is not None and name not in said:
            read.setdefault(name.split(".")[0], []).append(Clause(_plainly(parameter, value), ((parameter, value),)))
    return list(read.items())


def later(terms: PlanYear) -> list[Clause]:
    """What a plan published later says of the year's surrender, from which day on; none where it says the same."""
    parameter, own = usable_vintages.later(terms.year), terms.find("surrender.vintages")
    found: list[Clause] = []
    if parameter is None:
        return found
    for dated in parameter.values:
        if own is None or dated.value != own.value:
            said = {"day": dated.since.isoformat(), "vintages": as_read(parameter, dated)}
            text = _(
                "From %(day)s, under a later plan, compliance for the year may be met with quota of these vintages: "
                "%(vintages)s."
            )
            found.append(Clause(text % said, ((parameter, dated),)))
    return found


def of_sectors(terms: PlanYear) -> list[Clause]:
    """What a line, its emissions and its intensity are in each sector that the plan covers."""
    found = []
    for sector in terms.plan.sectors:
        for parameter in _sectors().under(f"sector.{sector}").values():
            try:
                value = parameter.at(terms.last_day)
            except law.NotInForceError:  # no intensity where quota equals emissions
                continue
            found.append(Clause(_("%(rule)s.") % {"rule": name_of(parameter)}, ((parameter, value),)))
    return found


@functools.cache
def _sectors() -> law.Law:
    return law.load(Path(__file__).parents[1] / "law_data" / "sectors.toml")


def _named(parameter: Parameter, value: DatedValue) -> str:
    return in_language("", " ").join((name_of(parameter), as_read(parameter, value), unit_as_read(parameter)))


def _plainly(parameter: Parameter, value: DatedValue) -> str:
    said = {"rule": name_of(parameter), "value": as_read(parameter, value), "unit": unit_as_read(parameter)}
    return (_("%(rule)s: %(value)s %(unit)s.") if said["unit"] else _("%(rule)s: %(value)s.")) % said
