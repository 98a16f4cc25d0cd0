"""Checks of what a value was measured with: tests of net calorific values, and meters with their certificates."""

from collections.abc import Iterator
from decimal import Decimal

from reporting.accounting import calibration, calorific_tests
from reporting.accounting.sector import of
from reporting.checks.context import Checked, at
from reporting.content import DEFAULT, DESIGN, Datum, Row
from reporting.findings import Finding, both
from reporting.guidelines import SOLID
from reporting.workbook.forms import form_for

WHY = {
    calorific_tests.UNTESTED: both("未检测", "it was not tested"),
    calorific_tests.NO_REPORT: both("无检测报告编号", "it has no report"),
    calorific_tests.NO_DATES: both(
        "采样或报告日期缺失、颠倒", "the days of sampling and report are missing or the wrong way round"
    ),
    calorific_tests.PREMATURE: both("采样日期晚于报告期末", "the sample was taken after the period"),
    calorific_tests.LATE: both("报告日期超出采样后规定期限", "the report is dated too long after sampling"),
    calorific_tests.NOT_ACCREDITED: both("实验室无CMA/CNAS资质", "the laboratory is not accredited for it"),
    calorific_tests.UNSOUND: both("采样或检测不合规", "sampling or test was not sound"),
}


def default_is_not_tested(checked: Checked) -> Iterator[Finding]:
    """What may only have its default (coke) is not tested for anything that counts."""
    for test in checked.content.table("batch"):
        fuel = checked.guideline.fuels.get(test.item)
        if fuel is not None and fuel.default_only and "ncv" in test.data:
            params = {"item": checked.name(test), "found": f"{test.amount('ncv'):f}", "default": f"{fuel.ncv:f}"}
            yield at(test.data["ncv"], "default.overwritten", **params)


def batch_has_mass(checked: Checked) -> Iterator[Finding]:
    """A batch of a solid fuel weighs by its mass, so it states one."""
    for test in checked.sound("batch"):
        fuel = checked.guideline.fuels.get(test.item)
        if fuel is not None and fuel.state == SOLID and test.number("mass") is None:
            words = f"{checked.name(test)} · {test.part} · {both('批次质量', 'mass of the batch')}"
            yield at(_any(test), "value.missing", item=words)


def every_test_counts(checked: Checked) -> Iterator[Finding]:
    """A test is reported in time by an accredited laboratory; else its batch weighs with the default."""
    for test in checked.sound("batch"):
        fuel = checked.guideline.fuels.get(test.item)
        counts = fuel is not None and not fuel.default_only
        why = calorific_tests.fault(test, checked.content.period, checked.guideline) if counts else ""
        if why:
            yield at(_any(test), "batch.default", item=checked.name(test), batch=test.part, why=WHY[why])


def stated_value_is_the_tests_mean(checked: Checked) -> Iterator[Finding]:
    """Where tests are listed, a value that is stated beside them is their mean."""
    for row, datum in checked.calorific_values(of(checked.content.sector).choice or "none"):
        mean = calorific_tests.mean(checked.content, checked.guideline.fuels[row.item], checked.guideline)
        if mean is not None and datum.value != mean and _are_sound(checked, row.item):
            yield at(datum, "batch.mean", item=checked.name(row), found=str(datum.value), mean=f"{mean:f}")


def every_batch_is_tested(checked: Checked) -> Iterator[Finding]:
    """The batches that are listed come to what was bought or what was used: every batch is tested."""
    for row in checked.content.table("fuel"):
        fuel = checked.guideline.fuels.get(row.item)
        tests = list(calorific_tests.tests_of(checked.content, row.item))
        if fuel is None or fuel.state != SOLID or not tests:
            continue
        listed = sum((test.amount("mass") for test in tests), Decimal(0))
        needed = min(row.amount("purchased"), row.amount("consumed"))
        if listed < needed and _are_sound(checked, row.item) and not checked.is_faulty(row, "purchased", "consumed"):
            params = {"item": checked.name(row), "found": f"{listed:f}", "needed": f"{needed:f}"}
            yield at(_any(tests[0]), "batch.incomplete", **params)


def _are_sound(checked: Checked, item: str) -> bool:
    """Whether all tests of a fuel can be read."""
    return not any(test.garbled for test in calorific_tests.tests_of(checked.content, item))


def accuracy_is_the_laws(checked: Checked) -> Iterator[Finding]:
    """No meter is held to less than the law's accuracy; a better one may be stated."""
    for meter in checked.content.table("meter"):
        stated, required = meter.number("accuracy"), calibration.required(meter, checked.guideline)
        if stated is not None and stated > required:
            params = {"accuracy": f"{stated:f}", "required": f"{required:f}"}
            yield at(meter.data["accuracy"], "meter.accuracy", meter=meter.part, **params)


def certificate_is_possible(checked: Checked) -> Iterator[Finding]:
    """A certificate ends after it began."""
    for meter in checked.sound("meter"):
        calibrated, until = meter.day("calibrated"), meter.day("valid_until")
        if calibrated is not None and until is not None and until < calibrated:
            yield at(meter.data["valid_until"], "meter.dates", meter=meter.part)


def certificate_is_of_the_period(checked: Checked) -> Iterator[Finding]:
    """A certificate dated after the period says nothing of the period, and is not believed."""
    for meter in checked.content.table("meter"):
        if calibration.is_premature(meter, checked.content.period):
            datum = meter.data.get("calibrated") or meter.data["before"]
            yield at(datum, "meter.premature", meter=meter.part, day=str(datum.value))


# The days on which something was done, by table: they can't lie ahead of the day on which they are told.
DONE = {
    "meter": {"calibrated": both("检定/校准日期", "day of calibration")},
    "batch": {"sampled": both("采样日期", "day of sampling"), "reported": both("报告日期", "day of the report")},
    "stop": {"stopped": both("停产日期", "day of the stop"), "restarted": both("复产日期", "day of the restart")},
}


def nothing_is_of_the_future(checked: Checked) -> Iterator[Finding]:
    """What is reported as done was done by the day on which it is reported."""
    today = checked.context.today
    for table, names in DONE.items() if today is not None else ():
        for row in checked.content.table(table):
            for name, words in names.items():
                day = row.day(name)
                if today is not None and day is not None and day > today:
                    what = " · ".join(filter(None, (row.line, checked.name(row) if row.item else "", row.part, words)))
                    params = {"what": what, "day": day.isoformat(), "today": today.isoformat()}
                    yield at(row.data[name], "date.future", **params)


def meter_is_calibrated(checked: Checked) -> Iterator[Finding]:
    """A meter is calibrated at least every twelve months; days that no certificate covers cost the required accuracy."""
    for meter in checked.sound("meter"):
        _, uncovered, days = calibration.covered_days(meter, checked.content.period, checked.guideline)
        if uncovered:
            params = {"uncovered": str(uncovered), "days": str(days), "penalty": _penalty(checked, meter)}
            yield at(_any(meter), "meter.uncovered", meter=meter.part, what=_what(checked, meter), **params)


def meter_is_accurate(checked: Checked) -> Iterator[Finding]:
    """An error above the required accuracy costs what it exceeds it by, on days that the certificate covers too."""
    for meter in checked.sound("meter"):
        error, accuracy = meter.amount("error"), calibration.required(meter, checked.guideline)
        if error > accuracy:
            params = {"error": f"{error:f}", "accuracy": f"{accuracy:f}", "penalty": _penalty(checked, meter)}
            yield at(_any(meter), "meter.inaccurate", meter=meter.part, what=_what(checked, meter), **params)


def quantity_is_measured(checked: Checked) -> Iterator[Finding]:
    """A quantity rests on a meter or is computed from such; a design value or default stands only for data that are missing.

    Where a control plan is in force, its own checks say whether such a value is the one that was planned.
    """
    if checked.context.plans:
        return
    for row in checked.content.rows:
        for name, datum in row.data.items():
            if name != "ncv" and datum.how in (DEFAULT, DESIGN):
                how = both("缺省值", "default") if datum.how == DEFAULT else both("设计值", "design value")
                yield at(datum, "how.estimated", item=checked.name(row), how=how)


def _penalty(checked: Checked, meter: Row) -> str:
    return calibration.rate(meter, checked.content.period, checked.guideline).text or "0%"


def _what(checked: Checked, meter: Row) -> str:
    """What a meter measures, in words for either reader."""
    code = meter.words("measures")
    registers = form_for(checked.content.sector, checked.content.period).registers
    target = next((found for register in registers if (found := register.target_of(code))), None)
    return both(target.words.zh, target.words.en) if target else code


def _any(row: Row) -> Datum | None:
    return next(iter(row.data.values()), None)


CHECKS = (
    default_is_not_tested,
    batch_has_mass,
    every_test_counts,
    stated_value_is_the_tests_mean,
    every_batch_is_tested,
    accuracy_is_the_laws,
    certificate_is_possible,
    certificate_is_of_the_period,
    nothing_is_of_the_future,
    meter_is_calibrated,
    meter_is_accurate,
    quantity_is_measured,
)
