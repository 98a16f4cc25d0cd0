"""What the control plan fixed for a missing value: picked by its days, offered in the blank and on the page, filled in with one press."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.utils import translation

from reporting.accounting import account
from reporting.checks import CheckContext, run
from reporting.content import DEFAULT, Datum, Row
from reporting.control_plan import Place, Plan, standing
from reporting.correction.month import month_of
from reporting.correction.offers import Offers
from reporting.filing import blanks, intake
from reporting.models import CorrectionDraft, FindingRow
from reporting.workbook.definition import ESTIMATE, Key
from reporting.workbook.forms import form_for
from tests.cast import at
from tests.reporting import plans, story
from tests.reporting.control_plan.test_control_plan import of
from tests.reporting.correcting import *  # noqa: F403 (its fixtures)
from tests.reporting.correcting import METAL, address, fields, sent, shown_cell
from tests.reporting.files import HOW, VALUE, edited, row_of, sheet_with
from tests.reporting.months import cement, replaced, row, spec, steel

CLINKER = "clinker/2#//amount"
METAL_PLACE = "electrolysis/P1//amount"


def plan(month=None, since="", until="", version=1, **changes) -> Plan:
    """The month's plan with changed entries, in force on these days."""
    made = plans.plan_for(month or cement())
    for key, texts in changes.items():
        made = of(made, key.replace("__", "/"), **texts)
    days = [dt.date.fromisoformat(day) if day else None for day in (since, until)]
    return replace(made, version=version, since=days[0], until=days[1])


def white(estimate: str, *days: str, version: int = 1) -> Plan:
    since, until = [*days, "", ""][:2]
    return plan(None, since, until, version, **{CLINKER: {"estimate": estimate, "fallback": f"取{estimate}"}})


HALVES = (white("19000", "2025-01-01", "2025-07-15"), white("21000", "2025-07-16", "", version=2))


def found(content, *in_force: Plan) -> dict[str, dict[str, str]]:
    """What is said of plans and calorific values, by code."""
    findings = run(content, account(content), CheckContext(plans=in_force))
    return {each.code: dict(each.params) for each in findings if each.code.startswith(("plan.", "default.", "ncv.ch"))}


# ---------------------------------------------------------------- which plan's


def test_one_plan_or_two_that_agree_give_one_estimate():
    place = Place(*CLINKER.split("/"))
    for in_force in ((white("19000"),), (white("19000", "", "2025-07-15"), white("19000.0", "2025-07-16", version=2))):
        said = standing(in_force, place, "2025-07")
        assert (said.one.value, said.one.version) == (19000, in_force[-1].version)


def test_two_that_differ_within_the_month_give_none_and_say_their_days():
    said = standing(HALVES, Place(*CLINKER.split("/")), "2025-07")
    assert said.one is None
    assert said.words == "19000 (2025-07-01 – 2025-07-15)；21000 (2025-07-16 – 2025-07-31)"
    none_yet = standing((white(""), HALVES[1]), Place(*CLINKER.split("/")), "2025-07")
    assert none_yet.one is None
    assert none_yet.values == [21000]


@pytest.mark.parametrize(("name", "value"), [("opening", 100), ("closing", 200), ("purchased", None)])
def test_a_stock_is_of_one_day(name, value):
    key = f"fuel.solid///{name}"
    before, after = (
        plan(None, *days, version=number, **{key: {"estimate": text}})
        for number, text, days in ((1, "100", ("", "2025-07-15")), (2, "200", ("2025-07-16", "")))
    )
    said = standing((before, after), Place("fuel.solid", "", "bituminous", name), "2025-07")
    assert (said.one.value if said.one else None) == value


def test_what_is_not_used_and_what_is_the_default_anyway_has_none():
    place = Place(*CLINKER.split("/"))
    assert standing((plan(**{CLINKER: {"how": "unused", "estimate": "5"}}),), place, "2025-07").parts == ()
    ncv = "line_fuel.solid/1#//ncv"
    assert standing((plan(**{ncv: {"how": DEFAULT, "estimate": "5"}}),), Place(*ncv.split("/")), "2025-07").parts == ()


def test_the_plan_in_force_knows_its_days(planned, unit, clerk):
    [in_force] = blanks.plans_of(intake.package_of(unit, story.ALUMINIUM, "2025-09"), at("2025-10-01"))
    assert (in_force.version, in_force.since, in_force.until) == (1, dt.date(2025, 1, 1), None)


# ---------------------------------------------------------------- what a month is told


def test_a_missing_value_is_told_the_estimate_of_its_days():
    content = replaced(cement(), Row("clinker", "2#", "", "white", {"other": Datum(Decimal(1))}))
    assert found(content, white("19000"))["plan.missing"]["estimate"] == "19000"
    told = found(content, *HALVES)
    assert "plan.missing" not in told
    assert told["plan.missing_divided"]["estimate"].startswith("19000 (2025-07-01 – 2025-07-15)；21000")


def test_of_two_estimates_either_may_stand_and_no_other():
    for value, code in (("19000", "plan.estimated"), ("21000", "plan.estimated"), ("20000.01", "plan.other_estimate")):
        stated = Row("clinker", "2#", "", "white", {"amount": Datum(Decimal(value), DEFAULT)})
        assert set(found(replaced(cement(), stated), *HALVES)) == {code}


def coal(ncv: str = "", item: str = "bituminous", line: str = "1#") -> Row:
    """The first line's coal: its value left empty, or a default."""
    stated = row("line_fuel", item, line=line, amount="13000")
    return replace(stated, data={**stated.data, "ncv": Datum(Decimal(ncv), DEFAULT)}) if ncv else stated


MEASURED_NCV: dict[str, Any] = {
    "line_fuel.solid/1#//ncv": {"how": "measured", "estimate": "27.5", "fallback": "取最高值"}
}


def test_a_missing_calorific_value_is_told_its_estimate():
    """Before, an estimate made the plan silent: the default was taken, which is less."""
    content = replaced(cement(), coal())
    assert found(content, plan(**MEASURED_NCV))["plan.missing"]["estimate"] == "27.5"
    assert "plan.missing" not in found(cement(), plan(**MEASURED_NCV))  # stated: 22.5, measured


def test_the_estimate_of_a_calorific_value_may_be_stated_and_keeps_the_choice():
    content = replaced(cement(), coal("27.5"))
    june = cement("2025-06")
    told = run(content, account(content), CheckContext(plans=(plan(**MEASURED_NCV),), earlier=(june,)))
    codes = {each.code for each in told}
    assert "plan.estimated" in codes
    assert not {"default.overwritten", "ncv.choice_changed"} & codes
    [term] = [term for term in account(content).terms if term.source == "fuel.bituminous"]
    assert term.emissions == Decimal("33974.44")  # 13,000 t × 27.5 GJ/t × 0.02618 tC/GJ × 99 % × 44/12


@pytest.mark.parametrize("in_force", [(), (plan(),)])
def test_without_such_an_estimate_a_default_is_the_guidelines(in_force):
    assert "default.overwritten" in found(replaced(cement(), coal("27.5")), *in_force)


def test_coke_has_its_default_whatever_the_plan_says():
    key = "fuel.solid///ncv"
    stated = plan(steel(), **{key: {"how": "measured", "estimate": "30"}})
    bought = next(each for each in steel().rows if each.item == "coke_purchased" and each.table == "fuel")
    content = replaced(steel(), replace(bought, data={**bought.data, "ncv": Datum(Decimal(30), DEFAULT)}))
    assert "default.overwritten" in found(content, stated)
    assert all("coke" not in params["item"] for params in [found(steel(), stated).get("plan.missing", {"item": ""})])


# ---------------------------------------------------------------- where it is offered


class Blank:
    """What offers ask of a month that lies in no database."""

    def __init__(self, content) -> None:
        self.spec = spec(content)
        self.form, self.codes = form_for(content.sector, content.period), content.lines


@pytest.fixture
def with_estimate(unit, process, clerk, unit_approver, officer):
    """The unit's plan is accepted; for missing liquid aluminium it fixes 16,000 t."""
    says = of(
        plans.plan_for(story.content(unit, "2025-01")), METAL_PLACE, estimate="16000", fallback="取三个月最低产量"
    )
    return plans.accepted(unit, says, clerk, unit_approver, officer, at("2025-06-01 09:00"))


def beside(book: bytes, key: str) -> object:
    opened = openpyxl.load_workbook(BytesIO(book))
    sheet = sheet_with(opened, key)
    return sheet.cell(row_of(sheet, key), ESTIMATE + 1).value


def test_the_blank_shows_it_beside_its_cell(with_estimate, unit, clerk):
    package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    book = blanks.blank_for(package, at("2025-08-01"))
    assert beside(book, "L1/electrolysis/1/amount") == 16000
    assert beside(book, "L1/electrolysis/1/anode") is None
    heading = openpyxl.load_workbook(BytesIO(book))["工序生产数据及排放量表"]["A2"].value
    assert heading.endswith("数据质量控制方案2025年第1版 control plan 2025, version 1")
    before = blanks.blank_for(package, at("2025-05-31"))  # the province had not accepted it
    assert beside(before, "L1/electrolysis/1/amount") is None


def test_the_blank_says_how_the_plan_obtains_each_value(with_estimate, unit, clerk, client_for):
    """All of it is computed; a month typed into the blank as it is differs in nothing from the plan, on paper and on the page."""
    package = intake.package_of(unit, story.ALUMINIUM, "2025-07")
    book = blanks.blank_for(package, at("2025-08-01"))
    filled = {
        "L1/electrolysis/1/anode": 8000,
        "L1/electrolysis/1/amount": 17000,
        **{f"fuel.anode/1/{name}": value for name, value in (("purchased", 8000), ("consumed", 8000))},
    }

    def typed(opened: openpyxl.Workbook) -> None:
        for key, value in filled.items():
            sheet = sheet_with(opened, key)
            assert sheet.cell(row_of(sheet, key), HOW).value == "计算值 calculated"
            sheet.cell(row_of(sheet, key), VALUE).value = value

    intake.receive(package, edited(book, typed), "a.xlsx", by=clerk, at=at("2025-08-01"))
    story.do_jobs()
    codes = FindingRow.objects.filter(submission=story.current(package)).values_list("code", flat=True)
    assert [code for code in codes if code.startswith("plan.")] == []
    empty = intake.package_of(unit, story.ALUMINIUM, "2025-09")
    page = client_for(clerk).get(address(empty))
    assert shown_cell(page, METAL.replace(":value", ":how")).text == "calculated"


def test_the_command_says_so_too(with_estimate, unit, tmp_path):
    path = tmp_path / "blank.xlsx"
    call_command(
        "blank_workbook", sector="aluminium", month="2025-07", unit=unit.credit_code, output=path, stdout=StringIO()
    )
    opened = openpyxl.load_workbook(path)
    sheet = sheet_with(opened, "L1/electrolysis/1/amount")
    row = row_of(sheet, "L1/electrolysis/1/amount")
    assert (sheet.cell(row, HOW).value, sheet.cell(row, ESTIMATE + 1).value) == ("计算值 calculated", 16000)


def offer(response, key: str):
    rows = (row for sheet in response.context["sheets"] for block in sheet.blocks for row in block.rows)
    return next(row.offer for row in rows if row.key == key)


def test_the_page_offers_it_and_says_from_which_row_of_which_plan(with_estimate, package, clerk, client_for):
    page = client_for(clerk, "en").get(address(package))
    offered = offer(page, "L1/electrolysis/1/amount")
    assert offered.texts["value"] == "16000"
    assert offered.words == "Control plan, version 1: P1 · Electrolysis · Liquid aluminium produced. 取三个月最低产量"
    assert f'href="/reporting/control-plans/{with_estimate.pk}/?version=1#p-{METAL_PLACE}"' in page.text
    assert '<tr class="said offered" hidden>' in page.text  # there is a value
    assert offer(page, "L1/electrolysis/1/anode") is None


def test_one_press_fills_it_in_with_where_it_came_from(with_estimate, package, version, clerk, client_for):
    browser = client_for(clerk, "en")
    pressed = browser.post(
        address(package), fields(browser, package, version) | {METAL: "", "estimate": "L1/electrolysis/1/amount"}
    )
    assert pressed.status_code == 200
    row_name = METAL.removesuffix("value")
    assert CorrectionDraft.objects.get().cells == {
        f"{row_name}value": "16000",
        f"{row_name}how": "default",
        f"{row_name}source": "数据质量控制方案2025年第1版保守估计值（铝电解·铝液产量） "
        "conservative estimate of control plan 2025, version 1 (Electrolysis · Liquid aluminium produced)",
    }
    sent(browser, package, version, revision=2)
    story.do_jobs()
    assert FindingRow.objects.filter(submission=story.current(package), code="plan.estimated").count() == 1


def test_an_estimate_that_nobody_offers_fills_nothing_in(with_estimate, package, version, clerk, client_for):
    browser = client_for(clerk)
    for key in ("L1/electrolysis/1/anode", "L9/electrolysis/1/amount", "nonsense", "L1/electrolysis/1/nothing"):
        browser.post(address(package), fields(browser, package, version) | {"estimate": key})
        assert CorrectionDraft.objects.get().cells == {}


def test_where_the_plan_changed_within_the_month_the_page_says_so_and_fills_nothing(package, version):
    month = month_of(package, version, at("2025-09-01"))
    before, after = (
        replace(
            of(plans.plan_for(story.content(package.unit, "2025-01")), METAL_PLACE, estimate=estimate),
            version=number,
            since=dt.date.fromisoformat(since),
            until=until,
        )
        for number, estimate, since, until in (
            (1, "16000", "2025-01-01", dt.date(2025, 7, 15)),
            (2, "15000", "2025-07-16", None),
        )
    )
    offers = Offers(month, (before, after))
    key = Key.parse("L1/electrolysis/1/amount")
    group = month.form.groups["electrolysis"][0]
    with translation.override("en"):
        offered = offers.of(group, key, group.field("amount"), "", {})
    assert offered.texts == {}
    assert offered.words.endswith("16000 (2025-07-01 – 2025-07-15); 15000 (2025-07-16 – 2025-07-31)")
    assert offers.filled(str(key), {}) == {}


def test_of_a_group_of_fuels_only_what_is_begun_is_offered():
    content = cement()
    says = plan(**{"fuel.solid///purchased": {"estimate": "15000"}, "fuel.solid///closing": {"estimate": ""}})
    blank: Any = Blank(content)
    offers = Offers(blank, (replace(says, version=1),))
    group = form_for("cement", "2025-07").groups["fuel.solid"][0]
    key = Key(0, "fuel.solid", 2, "purchased")

    def offered(item: str, **stated: str) -> Any:
        texts = {f"fuel.solid/2/{name}:value": text for name, text in stated.items()}
        return offers.of(group, key, group.field("purchased"), item, texts)

    assert offered("anthracite", opening="500").texts["value"] == "15000"
    assert offered("anthracite") is None
    assert offered("", opening="500") is None
