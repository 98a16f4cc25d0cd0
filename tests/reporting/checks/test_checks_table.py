"""Every check four times: a month that passes, one that fails, one that lies exactly on the edge, and the failing one before its date.

A row is made of functions that build the month for a period, so that the failing month can be told of the last month before the
guideline (and, where a threshold decides, before the threshold) is in force. A check without a row fails the test.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from quota_site import sectors
from quota_site.sectors.aluminium import checks as aluminium_checks
from quota_site.sectors.cement import checks as cement_checks
from registry.law import Law
from registry.values.sectors import Sector
from reporting import checks, workbook
from reporting.accounting import account
from reporting.checks import (
    CheckContext,
    Checked,
    LineFacts,
    PeerFacts,
    boundary,
    ledgers,
    lines,
    measuring,
    moisture,
    parameters,
    peers,
    plans,
    plausibility,
)
from reporting.checks import sector as sector_checks
from reporting.content import CALCULATED, DEFAULT, DESIGN, MEASURED, Content, Datum, Row, days_in, first_day, last_day
from reporting.control_plan import UNUSED
from reporting.findings.catalogue import CATALOGUE
from reporting.guidelines import thresholds
from tests.reporting import plans as told
from tests.reporting.months import aluminium, batch, cement, ledger, meter, replaced, row, spec, steel, without

GIVEN = re.compile('"([a-z_]+[.][a-z_]+)"')
MONTH, FIRST = "2025-07", "2024-01"  # the guidelines are in force from 1 January 2024
FIRST_PLANNED = "2025-01"  # the first control plan is that of 2025
A_DAY = dt.timedelta(days=1)

Told = tuple[Content, CheckContext]
Build = Callable[[str], Told]


@dataclass(frozen=True)
class Four:
    """`threshold` names what decides, where a number does; the fourth case is the failing one before its date."""

    codes: set[str]
    passes: Build
    fails: Build
    edge: Build
    threshold: str = ""
    first: str = FIRST


def plain(build: Callable[[str], Content], *rows: Row, drop: tuple[str, ...] = (), **context: Any) -> Build:
    """A month with these rows in place of its own and without the tables dropped."""
    return lambda period: (replaced(without(build(period), *drop), *rows), CheckContext(**context))


def month_before(period: str) -> str:
    return (first_day(period) - A_DAY).strftime("%Y-%m")


def after(earlier: Callable[[str], Content], now: Callable[[str], Content], *, months: int = 1) -> Build:
    """The month `now` after so many months `earlier`, the newest first."""

    def build(period: str) -> Told:
        periods = [period]
        for _ in range(months):
            periods.append(month_before(periods[-1]))
        told = tuple(earlier(each) for each in periods[1:])
        return now(period), CheckContext(earlier=told, last_accounts=account_of(told[0]))

    return build


def known(build: Callable[[str], Content], *facts: LineFacts, **context: Any) -> Build:
    return lambda period: (build(period), CheckContext(lines={each.code: each for each in facts}, **context))


def account_of(content: Content):
    """The accounts, of a month before the guideline by its first month's rules: only the check's own date is in question."""
    return account(content if content.period >= FIRST else replace(content, period=FIRST))


def found(check: checks.Check, told: Told, law: Law | None = None) -> set[str]:
    content, context = told
    checked = Checked(content, account_of(content), replace(context, law=law))
    return {finding.code for finding in checks.found_by(check, checked)}


# Months.


def two_works(period: str) -> Content:
    return replace(steel(period), lines=("W1", "W2"))


def second_line(**facts: Callable[[str], Any]) -> Build:
    """The cement month with a day of its second line reckoned from the period."""
    return lambda period: (
        cement(period),
        CheckContext(
            lines={"1#": LineFacts("1#"), "2#": LineFacts("2#", **{n: day(period) for n, day in facts.items()})}
        ),
    )


def third_line(closed: Callable[[str], dt.date]) -> Build:
    return lambda period: (
        cement(period),
        CheckContext(
            lines={
                code: LineFacts(code, closed=closed(period) if code == "3#" else None) for code in ("1#", "2#", "3#")
            }
        ),
    )


def on(day: Callable[[str], dt.date]) -> Build:
    return lambda period: (cement(period), CheckContext(today=day(period)))


def stop(days: str) -> Row:
    return Row("stop", "2#", data={"days": Datum(Decimal(days))})


def whole_stop(made: str) -> Build:
    """The cement month with a second line that stood still on all its days, and made so much white clinker."""

    def build(period: str) -> Told:
        made_then = row("clinker", "white", line="2#", amount=made)
        return replaced(cement(period), stop(str(days_in(period))), made_then), CheckContext()

    return build


def restarted_after(days: int) -> Build:
    """The cement month with a second line that started again so many days after its stop."""

    def build(period: str) -> Told:
        stopped = first_day(period) + 9 * A_DAY
        dates = {"stopped": Datum(stopped), "restarted": Datum(stopped + days * A_DAY)}
        return replaced(cement(period), Row("stop", "2#", data=dates)), CheckContext()

    return build


def stopped_on(days: int) -> Build:
    """The cement month with a second line whose stop began so many days after the month's first day."""
    return lambda period: (
        replaced(cement(period), Row("stop", "2#", data={"stopped": Datum(first_day(period) + days * A_DAY)})),
        CheckContext(),
    )


def wet_anthracite(moisture_found: str, dry: str) -> Row:
    return ledger("anthracite", "0", "40000", "0", "0", "40000", moisture=moisture_found, dry=dry)


def coke(ncv: str, how: str) -> Row:
    stated = ledger("coke_purchased", "3000", "20000", "5000", "2000", "16000", moisture="6", dry="15040")
    return replace(stated, data={**stated.data, "ncv": Datum(Decimal(ncv), how, evidence="报告.pdf")})


def coal(ncv: str, how: str = MEASURED, evidence: str = "报告.pdf") -> Row:
    """The first cement line's bituminous coal; its default is 23.076 GJ/t."""
    data = {"amount": Datum(Decimal(13000), MEASURED), "ncv": Datum(Decimal(ncv), how, evidence=evidence)}
    return Row("line_fuel", "1#", "", "bituminous", data)


def coal_by_default(period: str) -> Content:
    return replaced(cement(period), row("line_fuel", "bituminous", line="1#", amount="13000"))


def coal_at(ncv: str) -> Callable[[str], Content]:
    return lambda period: replaced(cement(period), coal(ncv))


def diesel_measured(period: str) -> Content:
    """A liquid is tested monthly or else by default: no choice of the year is made."""
    return replaced(cement(period), row("line_fuel", "diesel", line="1#", amount="10", ncv="42.6"))


def stock_left(coal_left: str) -> Callable[[str], Content]:
    """A month before cement()'s, at whose end that much bituminous coal was left."""
    left = {"bituminous": coal_left, "anthracite": "500", "diesel": "5"}
    rows = tuple(row("fuel", item, closing=stock, consumed="0") for item, stock in left.items())
    return lambda period: Content("cement", period, cement().unit, ("1#", "2#"), rows)


def reported_after(days: int) -> Build:
    """A batch whose report is dated so many days after its sampling on the month's first day."""

    def build(period: str) -> Told:
        sampled = first_day(period)
        test = batch("anthracite", "B1", "40000", "25", sampled=sampled, reported=sampled + days * A_DAY)
        return replaced(steel(period), test), CheckContext()

    return build


def certified(since: int, until: int, today: int | None = None) -> Build:
    """A meter whose certificate begins and ends so many days after the month's first day."""

    def build(period: str) -> Told:
        first = first_day(period)
        known = meter(
            "electrolysis//anode", line="A1", calibrated=first + since * A_DAY, valid_until=first + until * A_DAY
        )
        return replaced(aluminium(period), known), CheckContext(today=None if today is None else first + today * A_DAY)

    return build


def obtained(how: str) -> Row:
    return Row("clinker", "2#", "", "white", {"amount": Datum(Decimal(20000), how)})


def iron_with(coke_used: str) -> Row:
    return row("process_in", "coke_own", line="W1", process="ironmaking", amount=coke_used)


def clinker(amount: str) -> Row:
    """Of the second line, which burns 68,601 GJ."""
    return row("clinker", "white", line="2#", amount=amount)


def slag(amount: str) -> Row:
    return row("alternative", "steel_slag", line="1#", amount=amount)


def metal(amount: str, anode: str = "12000") -> Row:
    return row("electrolysis", line="A2", anode=anode, amount=amount)


MORE_ANODE = ledger("anode", "0", "30000", "0", "0", "30000")


def smelter(*rows: Row) -> Callable[[str], Content]:
    return lambda period: replaced(aluminium(period), *rows)


def own_months(*values: str) -> Build:
    return lambda period: (aluminium(period), CheckContext(intensities={"A2": tuple(map(Decimal, values))}))


def among(median: str, mad: str, count: int = 8) -> Build:
    """A2, at 40,045 / 25,000 = 1.6018, among its peers; A1 is of a kind that nobody else is."""
    facts = {"A1": LineFacts("A1", kind="white"), "A2": LineFacts("A2")}
    month = PeerFacts(count, Decimal(median), Decimal(mad), Decimal(median), Decimal(median))
    return lambda period: (aluminium(period), CheckContext(lines=facts, peers={"": month}))


def in_cohort(beyond: str) -> Build:
    """A steel works as far above its cohort's upper quartile, the quartiles 0.2 apart; 250,000 t of iron give an exact quotient."""

    def build(period: str) -> Told:
        content = replaced(steel(period), row("process_output", line="W1", process="ironmaking", amount="250000"))
        total = account_of(content).totals.lines["W1"]
        upper = total.main_emissions / total.output - Decimal(beyond)
        month = PeerFacts(8, upper, Decimal("0.1"), upper - Decimal("0.2"), upper)
        return content, CheckContext(lines={"W1": LineFacts("W1")}, peers={"": month})

    return build


WHITE = "clinker/2#//amount"  # 20,000 t of white clinker, measured


def planned(
    build: Callable[[str], Content], *rows: Row, drop: tuple[str, ...] = (), **changes: dict[str, str]
) -> Build:
    """The month with these rows, and the plan that was made for it without them; `changes` by name of the parameter below."""

    def build_it(period: str) -> Told:
        plan = told.plan_for(build(period))
        names = {"white": WHITE, "anode": "electrolysis/A1//anode", "ncv": "fuel.solid//coking_coal/ncv"}
        entries = {names[name]: replace(told.entry_of(plan, names[name]), **texts) for name, texts in changes.items()}
        plan = told.plan_for(build(period), **entries)
        return replaced(without(build(period), *drop), *rows), CheckContext(plans=(plan,))

    return build_it


def unplanned(build: Callable[[str], Content]) -> Build:
    return lambda period: (build(period), CheckContext(plans=()))


def planned_without(line: str) -> Build:
    """The plan of a works that has the other line only."""

    def build(period: str) -> Told:
        plan = told.plan_for(cement(period))
        kept = tuple(code for code in plan.lines if code != line)
        return cement(period), CheckContext(plans=(replace(plan, lines=kept),))

    return build


def known_meter(number: str = "M1", accuracy: str = "0.5") -> Row:
    return meter("electrolysis//anode", number, line="A1", accuracy=accuracy)


def last_calibrated(days_before_last: int) -> Build:
    """The plan's meter of A1's anodes, whose certificate of one month ends so many days before the month does."""

    def build(period: str) -> Told:
        # One month after the calibration, less a day, its certificate ends.
        ends = last_day(period) - days_before_last * A_DAY
        calibrated = ends.replace(day=1) if ends.day == last_day(period).day else ends - dt.timedelta(days=40)
        entry = {"calibrated": calibrated.isoformat(), "interval": "1"}
        return planned(aluminium, anode=entry)(period)

    return build


def by_laboratory(accredited: str) -> Build:
    test = batch("coking_coal", "B1", "140000", "26.5", accredited=accredited)
    return planned(steel, test, ncv={"how": MEASURED, **told.LABORATORY})


def estimated(value: str, how: str = DEFAULT) -> Row:
    return Row("clinker", "2#", "", "white", {"amount": Datum(Decimal(value), how)})


def white_without_amount() -> Row:
    return Row("clinker", "2#", "", "white", {"other": Datum(Decimal(1), MEASURED)})


TABLE: dict[checks.Check, Four] = {
    plans.plan_is_accepted: Four(
        {"plan.none"}, planned(cement), unplanned(cement), plain(cement), first=FIRST_PLANNED
    ),  # where plans aren't known, none is missed
    plans.line_is_planned: Four(
        {"plan.line"}, planned(cement), planned_without("2#"), unplanned(cement), first=FIRST_PLANNED
    ),
    plans.obtained_as_planned: Four(
        {"plan.how"},
        planned(cement),
        planned(cement, estimated("20000")),
        planned(cement, estimated("20000"), white={"how": DEFAULT}),
        first=FIRST_PLANNED,
    ),
    plans.estimate_is_the_planned: Four(
        {"plan.other_estimate"},
        planned(cement, white={"estimate": "19000"}),
        planned(cement, estimated("19000.01"), white={"estimate": "19000"}),
        planned(cement, estimated("19000"), white={"estimate": "19000", "how": DEFAULT}),
        first=FIRST_PLANNED,
    ),
    plans.missing_value_is_estimated: Four(
        {"plan.missing"},
        planned(cement, white={"estimate": "19000"}),
        planned(cement, white_without_amount(), white={"estimate": "19000"}),
        planned(cement, estimated("0", MEASURED), white={"estimate": "19000"}),  # a zero is a statement
        first=FIRST_PLANNED,
    ),
    plans.meter_is_planned: Four(
        {"plan.meter"},
        planned(aluminium, known_meter()),
        planned(aluminium, known_meter("M2")),
        planned(aluminium, known_meter("M2"), anode={"number": "M1、M2"}),
        first=FIRST_PLANNED,
    ),
    plans.meter_is_as_accurate: Four(
        {"plan.accuracy"},
        planned(aluminium, known_meter(accuracy="0.2")),
        planned(aluminium, known_meter(accuracy="0.51")),
        planned(aluminium, known_meter(accuracy="0.5")),
        first=FIRST_PLANNED,
    ),
    plans.planned_calibration_is_done: Four(
        {"plan.calibration"}, planned(aluminium), last_calibrated(1), last_calibrated(0), first=FIRST_PLANNED
    ),
    plans.laboratory_is_as_planned: Four(
        {"plan.laboratory"}, by_laboratory("yes"), by_laboratory("no"), by_laboratory(""), first=FIRST_PLANNED
    ),
    lines.line_is_known: Four(
        {"line.unknown"},
        known(cement, LineFacts("1#"), LineFacts("2#")),
        known(cement, LineFacts("1#")),
        plain(cement),  # where the unit's lines aren't known, none is unknown
    ),
    lines.line_reports: Four(
        {"line.missing"},
        known(cement, LineFacts("1#"), LineFacts("2#")),
        third_line(closed=first_day),  # it still ran on the first day
        third_line(closed=lambda period: first_day(period) - A_DAY),
    ),
    lines.a_line_is_there: Four(
        {"line.none"},
        plain(cement),
        lambda period: (Content("cement", period, "U"), CheckContext()),
        lambda period: (
            Content("cement", period, "U"),
            CheckContext(lines={"1#": LineFacts("1#")}),
        ),  # that one is missing
    ),
    lines.works_is_one: Four({"line.one_works"}, plain(steel), plain(two_works), plain(cement)),
    lines.period_has_begun: Four(
        {"period.not_begun"},
        on(lambda period: last_day(period) + A_DAY),
        on(lambda p: first_day(p) - A_DAY),
        on(first_day),
    ),
    lines.line_has_entered: Four(
        {"period.before_entry"},
        second_line(commissioned=lambda _period: dt.date(2015, 1, 1)),
        second_line(commissioned=lambda period: last_day(period) + A_DAY),
        second_line(commissioned=last_day),
    ),
    lines.line_has_not_closed: Four(
        {"period.after_closing"},
        second_line(closed=lambda period: last_day(period) + A_DAY),
        second_line(closed=lambda period: first_day(period) - A_DAY),
        second_line(closed=first_day),
    ),
    lines.stop_fits_period: Four(
        {"stop.days"}, plain(cement, stop("10")), plain(cement, stop("32")), plain(cement, stop("31"))
    ),
    lines.stopped_line_makes_nothing: Four(
        {"stop.with_output"},
        plain(cement, stop("10")),
        whole_stop("0.01"),
        whole_stop("0"),
    ),
    lines.restart_follows_stop: Four(
        {"stop.restart_first"},
        plain(cement, stop("10")),
        restarted_after(-1),
        restarted_after(0),
    ),
    lines.stop_lies_in_period: Four(
        {"stop.after_period"},
        plain(cement, stop("10")),
        stopped_on(31),
        stopped_on(27),
    ),
    parameters.default_stands: Four(
        {"default.overwritten"},
        plain(cement, coal("22.5")),
        plain(steel, coke("28.436", DEFAULT)),
        plain(steel, coke("28.435", DEFAULT)),
    ),
    parameters.feedstock_is_coke_oven_gas: Four(
        {"feedstock.not_allowed"},
        plain(steel),
        plain(steel, ledger("natural_gas", "0", "200", "0", "0", "200", feedstock="0.01")),
        plain(steel, ledger("natural_gas", "0", "200", "0", "0", "200", feedstock="0")),
    ),
    parameters.measured_value_has_report: Four(
        {"report.missing"},
        plain(cement, coal("22.5")),
        plain(cement, coal("22.5", evidence="")),
        plain(cement, coal("23.076", DEFAULT, evidence="")),
    ),
    parameters.choice_is_one: Four(
        {"ncv.choice_mixed"},
        plain(cement),
        plain(cement, row("line_fuel", "bituminous", line="2#", amount="0.01")),  # the first line's is measured
        plain(cement, row("line_fuel", "bituminous", line="2#", amount="0")),
    ),
    parameters.choice_holds: Four(
        {"ncv.choice_changed", "ncv.went_back"},  # of January, beside December of the year before
        after(coal_at("22.4"), cement),
        after(cement, coal_by_default),
        after(diesel_measured, cement),
    ),
    parameters.measured_value_is_near_default: Four(
        {"ncv.far_from_default"},
        plain(cement, coal("22.5")),
        plain(cement, coal("28.846")),
        plain(cement, coal("28.845")),  # 23.076 × 1.25
        threshold="ncv.off_default",
    ),
    parameters.measured_value_varies: Four(
        {"ncv.repeated"},
        after(coal_at("22.4"), cement, months=2),
        after(cement, cement, months=2),
        after(cement, cement, months=1),
        threshold="ncv.same_months",
    ),
    measuring.default_is_not_tested: Four(
        {"default.overwritten"},
        plain(steel, batch("anthracite", "B1", "40000", "25")),
        plain(steel, batch("coke_purchased", "B1", "16000", "28.5")),
        plain(steel, batch("coke_purchased", "B1", "16000", "")),
    ),
    measuring.batch_has_mass: Four(
        {"value.missing"},
        plain(steel, batch("anthracite", "B1", "40000", "25")),
        plain(steel, batch("anthracite", "B1", "", "25")),
        plain(steel, batch("natural_gas", "B1", "", "388")),  # a gas needs none
    ),
    measuring.every_test_counts: Four(
        {"batch.default"},
        reported_after(10),
        reported_after(41),
        reported_after(40),
    ),
    measuring.stated_value_is_the_tests_mean: Four(
        {"batch.mean"},
        plain(steel, batch("anthracite", "B1", "40000", "25")),  # nothing is stated beside it
        plain(steel, batch("coking_coal", "B1", "140000", "26.501")),
        plain(steel, batch("coking_coal", "B1", "140000", "26.5")),  # the ledger says so, too
    ),
    measuring.every_batch_is_tested: Four(
        {"batch.incomplete"},
        plain(steel, batch("coking_coal", "B1", "150000", "26.5")),
        plain(steel, batch("coking_coal", "B1", "139999.99", "26.5")),
        plain(steel, batch("coking_coal", "B1", "140000", "26.5")),  # used; bought were 150,000 t
    ),
    measuring.accuracy_is_the_laws: Four(
        {"meter.accuracy"},
        plain(smelter(), meter("electrolysis//anode", line="A1", accuracy="")),
        plain(smelter(), meter("electrolysis//anode", line="A1", accuracy="0.51")),
        plain(smelter(), meter("electrolysis//anode", line="A1", accuracy="0.5")),
    ),
    measuring.certificate_is_possible: Four(
        {"meter.dates"},
        certified(since=-90, until=90),
        certified(since=0, until=-1),
        certified(since=0, until=0),
    ),
    measuring.certificate_is_of_the_period: Four(
        {"meter.premature"},
        certified(since=0, until=90),
        certified(since=31, until=90),
        certified(since=27, until=90),
    ),
    measuring.nothing_is_of_the_future: Four(
        {"date.future"},
        certified(since=0, until=90),
        certified(since=5, until=90, today=4),
        certified(since=5, until=90, today=5),
    ),
    measuring.meter_is_calibrated: Four(
        {"meter.uncovered"},
        certified(since=-90, until=90),
        certified(since=1, until=90),
        certified(since=0, until=31),
    ),
    measuring.meter_is_accurate: Four(
        {"meter.inaccurate"},
        plain(smelter(), meter("electrolysis//anode", line="A1", error="0.1")),
        plain(smelter(), meter("electrolysis//anode", line="A1", error="0.51")),
        plain(smelter(), meter("electrolysis//anode", line="A1", error="0.5")),
    ),
    measuring.quantity_is_measured: Four(
        {"how.estimated"},
        plain(cement),
        plain(cement, obtained(DESIGN)),
        plain(cement, obtained(CALCULATED)),
    ),
    boundary.left_out_was_consumed: Four(
        {"excluded.too_large"},
        plain(steel),
        plain(steel, ledger("diesel", "0", "100", "0", "0", "100", excluded="100.01")),
        plain(steel, ledger("diesel", "0", "100", "0", "0", "100", excluded="100")),
    ),
    boundary.power_unit_burns_own_fuel: Four(
        {"power.no_own_fuel"},
        plain(steel),
        plain(steel, row("power", "bituminous", line="W1", amount="10"), drop=("power",)),
        plain(steel, row("power", "bituminous", line="W1", amount="0"), drop=("power",)),
    ),
    ledgers.outputs_are_stated: Four(
        {"value.missing"},
        plain(cement),
        plain(cement, drop=("clinker",)),
        plain(cement, clinker("0")),  # a zero is a statement
    ),
    ledgers.consumption_is_stated: Four(
        {"value.missing"},
        plain(cement),
        plain(cement, row("fuel", "lignite", opening="5")),
        plain(cement, row("fuel", "lignite", opening="5", consumed="0")),
    ),
    ledgers.ledger_adds_up: Four(
        {"ledger.broken"},
        plain(cement),
        plain(cement, ledger("bituminous", "2000", "14000", "0", "3000", "13000.01")),
        plain(cement, ledger("bituminous", "2000", "14000.01", "0.01", "3000", "13000")),
    ),
    moisture.bought_solid_states_its_basis: Four(
        {"value.missing"},
        plain(steel),
        plain(steel, ledger("anthracite", "0", "40000", "0", "0", "40000", moisture="8.5")),
        plain(steel, ledger("anthracite", "40000", "0", "0", "0", "40000")),  # burnt from stock: nothing was bought
    ),
    moisture.moisture_leaves_fuel: Four(
        {"moisture.too_high"},
        plain(steel),
        plain(steel, wet_anthracite("100", "0")),
        plain(steel, wet_anthracite("99.99", "4")),
    ),
    # 40,000 t with 8.5 % are 36,600 t dry; rounding explains 40,000.005 × 0.00005 + 0.005 × 0.915 + 0.005 = 2.00982525 t.
    moisture.dry_use_follows: Four(
        {"dry.not_from_moisture"},
        plain(steel),
        plain(steel, wet_anthracite("8.5", "36602.01")),
        plain(steel, wet_anthracite("8.5", "36602")),
    ),
    ledgers.stock_continues: Four(
        {"ledger.discontinuous"},
        plain(cement),
        after(stock_left("1999.99"), cement),
        after(stock_left("2000"), cement),
    ),
    ledgers.own_is_not_bought: Four(
        {"origin.bought"},
        plain(steel, ledger("coke_purchased", "0", "1", "0", "0", "1", moisture="0", dry="1")),
        plain(steel, ledger("coke_own", "0", "1", "0", "0", "1", moisture="0", dry="1")),
        plain(steel, ledger("coke_own", "1", "0", "0", "0", "1")),
    ),
    ledgers.supply_covers_use: Four(
        {"use.above_supply"},
        plain(steel),
        plain(steel, iron_with("96500.01")),
        plain(steel, iron_with("96500")),  # 95,000 of own coke, and 1,500 of fines
    ),
    ledgers.output_goes_with_fuel: Four(
        {"fuel.without_output"},
        plain(cement),
        plain(cement, clinker("0")),
        plain(cement, clinker("0"), stop("1")),
    ),
    plausibility.output_fits_capacity: Four(
        {"output.above_capacity"},
        known(cement, LineFacts("1#", capacity=Decimal(5000)), LineFacts("2#")),
        known(cement, LineFacts("1#", capacity=Decimal("2688.17")), LineFacts("2#")),
        known(smelter(), LineFacts("A1"), LineFacts("A2", capacity=Decimal(245296))),  # 25,000.03 t may be made
        threshold="capacity.factor",
    ),
    plausibility.intensity_is_usual: Four(
        {"intensity.out_of_band"},
        plain(cement),
        plain(cement, slag("41530")),  # 69,999 t on 100,000 t
        plain(cement, slag("41526.65")),  # 70,000 t, exactly 0.70
        threshold="band.cement.intensity",
    ),
    cement_checks.heat_is_usual: Four(
        {"heat.out_of_band"},
        plain(cement),
        plain(cement, clinker("17589")),
        plain(cement, clinker("17590")),  # 68,601 / 17,590 = 3.9 exactly
        threshold="band.cement.heat",
    ),
    aluminium_checks.anode_is_usual: Four(
        {"anode.out_of_band"},
        plain(aluminium),
        plain(aluminium, metal("25000", "13000.01"), MORE_ANODE),
        plain(aluminium, metal("25000", "13000"), MORE_ANODE),  # 0.52
        threshold="band.aluminium.anode",
    ),
    plausibility.change_is_small: Four(
        {"change.large"},
        after(aluminium, aluminium),
        after(aluminium, smelter(metal("30000.01", "14400"))),
        after(aluminium, smelter(metal("30000", "14400"))),  # +20 % of output
        threshold="change.month",
    ),
    plausibility.intensity_is_no_outlier: Four(
        {"intensity.outlier"},
        own_months("1.6000", "1.6010", "1.6020", "1.6030", "1.6040", "1.6050"),
        own_months(*(f"1.500{digit}" for digit in range(6))),
        # median 1.2518, distance 0.06745: 0.6745 × 0.35 / 0.06745 = 3.5 exactly
        own_months("1.18435", "1.18435", "1.2518", "1.2518", "1.2518", "1.31925", "1.31925", "1.31925", "1.18435"),
        threshold="outlier.score",
    ),
    peers.intensity_is_like_the_peers: Four(
        {"outlier.peers"},
        among("1.6", "0.01"),
        among("1.251799", "0.06745"),
        among("1.2518", "0.06745"),  # 0.6745 × 0.35 / 0.06745 = 3.5 exactly
        threshold="outlier.peers.score",
    ),
    peers.intensity_is_like_the_cohort: Four(
        {"intensity.out_of_band"},
        in_cohort("0"),
        in_cohort("0.300001"),
        in_cohort("0.3"),  # 1.5 × 0.2 above the upper quartile
        threshold="band.steel.intensity",
    ),
}


def used_up(period: str) -> Content:
    """The cement month with a hundredth of a tonne of coal into each line, and not a kilogram less."""
    rows = (
        row("line_fuel", "bituminous", line="1#", amount="0.01"),
        row("line_fuel", "anthracite", line="2#", amount="0.01"),
    )
    return replaced(without(cement(period), "line_fuel"), *rows)


def halves(first: str, second: str) -> Build:
    """A month without the amount of white clinker, and two plans with an estimate each, the second from the 16th day on."""

    def build(period: str) -> Told:
        plan, middle = told.plan_for(cement(period)), first_day(period).replace(day=15)
        white = told.entry_of(plan, WHITE)
        before, after = (
            told.plan_for(cement(period), **{WHITE: replace(white, estimate=value)}) for value in (first, second)
        )
        plans_in_force = (replace(before, until=middle), replace(after, since=middle + A_DAY))
        return replaced(cement(period), white_without_amount()), CheckContext(plans=plans_in_force)

    return build


# Checks that say one of several things: what they say beside the code of their row above.
MORE: list[tuple[checks.Check, Four]] = [
    (
        plans.obtained_as_planned,
        Four(
            {"plan.unplanned"},
            planned(cement),
            planned(cement, white={"how": UNUSED}),
            planned(cement, estimated("0", MEASURED), white={"how": UNUSED}),
            first=FIRST_PLANNED,
        ),
    ),
    (
        plans.estimate_is_the_planned,
        Four(
            {"plan.estimated"},
            planned(cement, white={"estimate": "19000"}),
            planned(cement, estimated("19000"), white={"estimate": "19000"}),
            planned(cement, estimated("19000"), white={"estimate": "19000", "how": DEFAULT}),
            first=FIRST_PLANNED,
        ),
    ),
    (
        plans.missing_value_is_estimated,
        Four(
            {"plan.missing_divided"},
            planned(cement, white={"estimate": "19000"}),
            halves("19000", "21000"),
            halves("", ""),  # neither plan fixed a number
            first=FIRST_PLANNED,
        ),
    ),
    (
        parameters.choice_holds,
        Four(
            {"ncv.went_back"},
            known(cement, measured={"bituminous": "2019-03"}),
            known(coal_by_default, measured={"bituminous": "2019-03"}),
            known(coal_by_default, measured={"lignite": "2019-03"}),
        ),
    ),
    (
        ledgers.output_goes_with_fuel,
        Four(
            {"output.without_fuel"},
            plain(cement),
            plain(cement, drop=("line_fuel",)),
            plain(used_up),
        ),
    ),
]


@pytest.fixture(
    params=[*TABLE.items(), *MORE], ids=lambda case: f"{case[0].__name__} {' '.join(sorted(case[1].codes))}"
)
def case(request) -> tuple[checks.Check, Four]:
    return request.param


def test_every_check_has_its_row():
    own = {check for sector in Sector.values for check in sector_checks.of(sector).usual}
    assert set(TABLE) == set(checks.CHECKS) - {plausibility.own_is_usual} | own


def test_every_threshold_of_the_file_decides_in_some_row():
    helped = {"outlier.months", "outlier.peers.least", "band.aluminium.intensity"}  # each beside another of its check
    assert {four.threshold for four in TABLE.values()} - {""} == set(thresholds()) - helped


def test_every_code_that_a_check_gives_is_in_the_catalogue():
    """A finding whose code has no words would stop the reading of the workbook."""
    files = (*Path(checks.__file__).parent.glob("*.py"), *Path(sectors.__file__).parent.glob("*/checks.py"))
    sources = (path.read_text(encoding="utf-8") for path in files)
    given = {code for source in sources for code in GIVEN.findall(source)} - set(thresholds())
    assert given == {
        code for _check, four in [*TABLE.items(), *MORE] for code in four.codes
    }  # each with its four cases
    assert sorted(given - set(CATALOGUE)) == []


def test_a_month_that_passes(case):
    check, four = case
    assert found(check, four.passes(MONTH)) == set()


def test_a_month_that_fails(case):
    check, four = case
    codes = found(check, four.fails(MONTH))
    assert codes
    assert codes <= four.codes


def test_what_is_found_in_a_workbook_has_a_place_there(case):
    """The failing month is written as a workbook and read; what the check finds then lies in one of its cells."""
    check, four = case
    content, context = four.fails(MONTH)
    read = workbook.read(workbook.filled(spec(content), content), "month.xlsx").content
    findings = checks.found_by(check, Checked(read, account(read), context))
    # A row of which nothing is stated is no row of a workbook; where such cells lie, test_missing_values asks.
    assert findings or check is plans.missing_value_is_estimated
    for finding in findings:
        assert finding.sheet
        assert re.fullmatch("[A-Z][1-9][0-9]*", finding.cell), finding.code


def test_a_month_on_the_edge(case):
    check, four = case
    assert found(check, four.edge(MONTH)) == set()


def test_the_failing_month_in_the_last_month_before_its_date_and_in_the_first(case):
    check, four = case
    assert found(check, four.fails(month_before(four.first))) == set()
    codes = found(check, four.fails(four.first))
    assert codes
    assert codes <= four.codes


@pytest.mark.parametrize(
    "check", [each for each, four in TABLE.items() if four.threshold], ids=lambda each: each.__name__
)
def test_the_failing_month_before_its_threshold_is_in_force(check):
    """The threshold alone begins with the month after, or with the month itself."""
    name, told = TABLE[check].threshold, TABLE[check].fails(MONTH)
    for since, codes in (("2025-08-01", set()), ("2025-07-01", TABLE[check].codes)):
        parameter = thresholds()[name]
        begun = replace(
            parameter, values=tuple(replace(v, since=dt.date.fromisoformat(since)) for v in parameter.values)
        )
        assert found(check, told, Law({**thresholds(), name: begun})) == codes


def test_a_changed_threshold_is_the_one_that_counts():
    """20 % of output more is found once the ministry's change to 15 % is in force, and not in the month before."""
    edge = TABLE[plausibility.change_is_small].edge(MONTH)
    value = thresholds()["change.month"].values[0]
    for since, codes in (("2025-08-01", set()), ("2025-07-01", {"change.large"})):
        changed = replace(value, value=Decimal(15), since=dt.date.fromisoformat(since), change=1)
        assert (
            found(plausibility.change_is_small, edge, thresholds().with_changes([("change.month", changed)])) == codes
        )


@pytest.mark.parametrize(("count", "codes"), [(8, {"outlier.peers"}), (7, set())])
def test_peers_are_spoken_of_only_if_they_are_many(count, codes):
    assert found(peers.intensity_is_like_the_peers, among("1.251799", "0.06745", count)(MONTH)) == codes


def test_what_is_said_of_the_peers_is_their_middle_and_number():
    content, context = among("1.251799", "0.06745")(MONTH)
    [finding] = peers.intensity_is_like_the_peers(Checked(content, account(content), context))
    # 0.6745 × (1.6018 − 1.251799) / 0.06745 = 3.50001
    assert finding.params == {"line": "A2", "found": "1.6018", "median": "1.2518", "count": "8", "score": "3.5"}


def test_without_peers_nothing_is_said():
    content, context = among("1.2", "0.01")(MONTH)
    assert found(peers.intensity_is_like_the_peers, (content, replace(context, peers={}))) == set()
    assert found(peers.intensity_is_like_the_peers, (content, replace(context, lines=None))) == set()
    assert found(peers.intensity_is_like_the_peers, among("1.2", "0")(MONTH)) == set()  # they don't differ at all
