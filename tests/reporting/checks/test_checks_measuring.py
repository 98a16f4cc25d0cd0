"""The choice between tests and default, fuel by fuel and across the years; and what findings of tests and meters say."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from reporting import checks
from reporting.accounting import account
from reporting.checks import CheckContext, measuring
from reporting.content import DEFAULT, MEASURED, Content, Datum, Row
from reporting.findings import Finding
from reporting.workbook.definition import DAY
from reporting.workbook.forms import form_for
from tests.reporting.months import batch, cement, ledger, meter, replaced, row, steel


def findings(content: Content, **context: Any) -> list[Finding]:
    return checks.run(content, account(content), CheckContext(**context))


def codes(content: Content, **context: Any) -> list[str]:
    """The codes of what is found, stocks aside: the months here are the same and can't follow on each other."""
    found = (finding.code for finding in findings(content, **context))
    return sorted(code for code in found if code != "ledger.discontinuous")


def coal(how: str) -> Row:
    """Anthracite in the works' ledger, measured or by default."""
    value = {"ncv": "25.2"} if how == MEASURED else {}
    return ledger("anthracite", "0", "40000", "0", "0", "40000", moisture="8.5", dry="36600", **value)


def by_batches(period: str) -> Content:
    day = dt.date.fromisoformat(f"{period}-03")
    test = batch("anthracite", "B1", "40000", "25.1", sampled=day, reported=day)
    return replaced(steel(period), coal(DEFAULT), test)


def test_listed_batches_are_the_choice_to_measure():
    assert codes(by_batches("2025-07"), earlier=(replaced(steel("2025-06"), coal(MEASURED)),)) == []
    assert codes(by_batches("2025-07"), earlier=(steel("2025-06"),)) == ["ncv.choice_changed"]
    assert codes(steel("2025-07"), earlier=(by_batches("2025-06"),)) == ["ncv.choice_changed"]


def test_batches_that_all_fail_are_still_the_choice_to_measure():
    failed = replaced(by_batches("2025-07"), batch("anthracite", "B1", "40000", "25.1", accredited="no"))
    assert codes(failed, earlier=(replaced(steel("2025-06"), coal(MEASURED)),)) == ["batch.default"]


def test_the_choice_is_the_fuels_whichever_line_burnt_it():
    earlier = replaced(cement("2025-06"), row("line_fuel", "bituminous", line="1#", amount="0"))
    earlier = replaced(earlier, row("line_fuel", "bituminous", line="2#", amount="10"))
    assert "ncv.choice_changed" in codes(cement("2025-07"), earlier=(earlier,))


def test_a_process_that_measures_what_the_works_takes_by_default_is_told():
    own = row("process_in", "anthracite", line="W1", process="ironmaking", amount="40000", ncv="25")
    assert codes(replaced(steel(), own)) == ["ncv.choice_mixed"]
    assert codes(replaced(steel(), own, coal(MEASURED))) == []


def test_who_measured_years_ago_may_not_go_back():
    assert codes(steel(), measured={"anthracite": "2022-03"}) == ["ncv.went_back"]
    assert codes(replaced(steel(), coal(MEASURED)), measured={"anthracite": "2022-03"}) == []
    assert codes(steel(), measured={"lignite": "2022-03"}) == []


def test_one_broken_choice_is_told_once():
    last = replaced(steel("2024-12"), coal(MEASURED))
    found = codes(steel("2025-07"), earlier=(last,), measured={"anthracite": "2023-01"})
    assert found == ["ncv.went_back"]


def test_the_mean_of_batches_is_looked_at_like_a_stated_value():
    # 25.024 × 1.25 = 31.28
    far = replaced(by_batches("2025-07"), batch("anthracite", "B1", "40000", "31.281"))
    assert codes(far) == ["ncv.far_from_default"]


@pytest.mark.parametrize(("language", "words"), [("en", "no certificate covers 12 of 31 days; penalty 0.5% × 12/31")])
def test_an_uncovered_meter_says_what_it_costs(language, words):
    known = meter(
        "fuel//consumed",
        "WZ-01",
        "anthracite",
        calibrated=dt.date(2025, 7, 13),
        before=dt.date(2025, 6, 30),
    )
    (found,) = findings(replaced(steel(), known))
    with override(language):
        assert words in found.message
        assert "Fuel, net consumption" in found.message


AUGUST = dt.date(2025, 8, 20)
TOLD = {
    "calibrated": meter("electrolysis//anode", line="A1", calibrated=AUGUST),
    "sampled": batch("natural_gas", "1", "", "388", sampled=AUGUST, reported=dt.date(2025, 7, 31)),
    "reported": batch("natural_gas", "1", "", "388", sampled=dt.date(2025, 7, 31), reported=AUGUST),
    "stopped": Row("stop", "W1", data={"stopped": Datum(AUGUST)}),
    "restarted": Row("stop", "W1", data={"stopped": Datum(dt.date(2025, 7, 2)), "restarted": Datum(AUGUST)}),
}


@pytest.mark.parametrize("name", TOLD)
def test_nothing_that_is_told_is_of_the_future(name):
    """A day on which something was done lies before the day on which it is told; every such column of every register."""
    content = replaced(steel(), TOLD[name])
    assert "date.future" in codes(content, today=dt.date(2025, 8, 19))
    assert "date.future" not in codes(content, today=AUGUST)
    assert "date.future" not in codes(content)


def test_every_day_of_the_forms_is_looked_at():
    """A column for a day that nobody looks at would be believed whatever it says. Two of a certificate's may lie ahead."""
    columns = {
        (register.table, column.name)
        for sector in ("steel", "cement", "aluminium")
        for register in form_for(sector, "2025-07").registers
        for column in register.columns
        if column.kind == DAY
    }
    fields = {
        (group.table, field.name)
        for sector in ("steel", "cement", "aluminium")
        for group, _ in form_for(sector, "2025-07").groups.values()
        for field in group.fields
        if field.is_date
    }
    looked_at = {(table, name) for table, names in measuring.DONE.items() for name in names}
    assert columns | fields == looked_at | {("meter", "valid_until"), ("meter", "before")}


@pytest.mark.parametrize(
    ("calibrated", "before", "told"),
    [
        ("2025-08-01", None, True),
        ("2025-07-31", None, False),
        ("2062-05-27", "2062-05-26", True),
        (None, "2025-08-01", True),
        (None, "2025-07-31", False),
    ],
)
def test_a_certificate_dated_after_the_period_is_told(calibrated, before, told):
    days: dict[str, Any] = {
        name: dt.date.fromisoformat(day) for name, day in (("calibrated", calibrated), ("before", before)) if day
    }
    found = codes(replaced(steel(), meter("product//amount", item="crude_steel", **days)))
    assert ("meter.premature" in found) is told


def test_the_accuracy_is_the_laws():
    def of(accuracy: str, item: str) -> list[str]:
        good = meter("fuel//consumed", item=item, accuracy=accuracy, calibrated=dt.date(2025, 1, 10))
        return codes(replaced(steel(), good))

    assert of("0.51", "anthracite") == of("2.01", "natural_gas") == ["meter.accuracy"]
    assert of("0.5", "anthracite") == of("0.2", "anthracite") == of("2", "natural_gas") == of("", "anthracite") == []


@pytest.mark.parametrize("name", ["amount"])
def test_a_default_calorific_value_is_no_estimate(name):
    coke = ledger("coke_purchased", "3000", "20000", "5000", "2000", "16000", moisture="6", dry="15040")
    stated = {**coke.data, "ncv": Datum(Decimal("28.435"), DEFAULT)}
    assert codes(replaced(steel(), Row("fuel", item="coke_purchased", data=stated))) == []
