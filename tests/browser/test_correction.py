"""Correcting a month on its page: a clerk's mistakes, a block from a spreadsheet, two languages, a lost session, a lost network.

The month is that of tests/reporting/story.py: 8,000 t anode, 17,000 t metal, 26,745 t.
"""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from quota_site.demo.invented.papers import paper
from registry.models import Person
from reporting.content import Content
from reporting.models import CorrectionDraft, Package
from tests.browser.audit import complaints
from tests.browser.conftest import PASSWORD
from tests.browser.desk import PATIENCE, Desk
from tests.cast import at
from tests.reporting import plans, story
from tests.reporting.control_plan.test_control_plan import of

ANODE, METAL, POWER = (f"L1/electrolysis/1/{name}:value" for name in ("anode", "amount", "power"))
OPENING, BOUGHT, SOLD, CLOSING, USED = (
    f"fuel.anode/1/{name}:value" for name in ("opening", "purchased", "sold", "closing", "consumed")
)
SOURCE = "L1/electrolysis/1/amount:source"

PASTE = """(field, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
KEPT = "Kept {text}, not saved yet"


@pytest.fixture
def package(unit, make_line, clerk, officer, it_is) -> Package:
    it_is("2025-11-20 09:00")
    story.electrolysis(unit, make_line)
    story.list_unit(unit, 2025, officer)
    return story.read(unit, "2025-10", clerk, at("2025-11-20 08:00")).package


class Tables(Desk):
    """The page's tables, by the cells' names."""

    def opens(self, package: Package) -> "Tables":
        self.page.goto(reverse("reporting:package", args=[package.pk]))
        self.opens_part("data").follows("Correct on the page")
        return self

    def cell(self, name: str):
        return self.page.locator(f'[name="{name}"]')

    def writes(self, name: str, text: str) -> "Tables":
        self.cell(name).fill(text)
        return self

    def pastes(self, name: str, text: str) -> "Tables":
        self.cell(name).focus()
        self.cell(name).evaluate(PASTE, text)
        return self

    def shows(self, cells: dict[str, str]) -> "Tables":
        for name, text in cells.items():
            expect(self.cell(name)).to_have_value(text)
        return self

    def is_told(self, words: str, **values: str) -> "Tables":
        """What stands beside the button."""
        text = self.said(words)
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        expect(self.page.locator(".correction-bar")).to_contain_text(text, timeout=PATIENCE)
        return self

    def waits_until_kept(self) -> "Tables":
        expect(self.page.locator("[data-state]")).to_contain_text(
            self.said(KEPT).partition("{")[0].strip(), timeout=PATIENCE
        )
        return self

    def is_at(self, name: str) -> "Tables":
        expect(self.cell(name)).to_be_focused()
        return self


@pytest.fixture
def tables(page_for):
    """`tables(person, language="en")`: their browser, signed in."""

    def sit_down(person: Person, language: str = "en") -> Tables:
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        return Tables(page_for(person, language=language), language)

    return sit_down


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_clerk_corrects_a_month_with_everything_that_goes_wrong(language, package, clerk, tables):
    seat = tables(clerk, language).opens(package)

    # Two mistakes: each is told at its cell, nothing is saved, nothing is lost.
    seat.writes(METAL, "about 17,000").writes(BOUGHT, "-8000").presses("Save as a new version")
    seat.sees("Nothing was saved: correct the marked cells. What you typed is kept.")
    seat.is_at(BOUGHT).shows({METAL: "about 17,000", BOUGHT: "-8000"})
    for name in (METAL, BOUGHT):
        expect(seat.cell(name)).to_have_attribute("aria-invalid", "true")

    # A block from a spreadsheet: five values of the ledger, of which the last doesn't add up.
    seat.pastes(OPENING, "500\n8,100\n0\n500\n8,000\n").is_told("Filled from what was pasted: {n} cells.", n="5")
    seat.shows({BOUGHT: "8,100", USED: "8,000"}).writes(METAL, "１７，１００").waits_until_kept()

    # They switch the language and back: everything is there.
    other = "en" if language == "zh-hans" else "zh-hans"
    for spoken in (other, language):
        with seat.page.expect_navigation():
            seat.page.locator("form.language button").first.click()
        expect(seat.page.locator("html")).to_have_attribute("lang", spoken)
        seat.shows({METAL: "１７，１００", BOUGHT: "8,100"})

    # The session is lost while they type; they sign in again and find what they typed.
    seat.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    seat.writes(POWER, "231,000").is_told("You are signed out. What you typed is kept in this browser:")
    with seat.page.expect_navigation():
        seat.page.locator("[data-state] a").click()
    seat.page.locator("input[autocomplete=username]").fill(clerk.username)
    seat.page.locator("input[type=password]").fill(PASSWORD)
    seat.presses("Sign in").shows({POWER: "231,000", METAL: "１７，１００", BOUGHT: "8,100"})
    seat.waits_until_kept()

    # Saved, read, and found at its cell what doesn't add up: 500 + 8,100 − 0 − 500 is 8,100.
    seat.presses("Save as a new version").sees("Saved as a workbook. It is being read.")
    seat.page.reload()
    seat.sees("ledger.broken").cannot_press("Submit this version")
    seat.opens_part("data").follows("Correct on the page").is_at(USED)
    seat.writes(USED, "8100").writes(ANODE, "8100").presses("Save as a new version")
    seat.page.reload()
    # anode 8,100 × 0.8482 × 0.976 × 44/12 = 24,586.94…, effect 17,100 × 0.14481 = 2,476.25: 27,063.19
    seat.sees("27,063").has_no_error().attaches(paper("2025-10"), "台账.pdf").confirms("Submit this version")
    assert Package.objects.get(pk=package.pk).submission.version == 3
    assert not CorrectionDraft.objects.exists()


def test_without_a_network_nothing_is_lost(package, clerk, tables):
    seat = tables(clerk).opens(package)
    seat.page.context.set_offline(True)
    seat.writes(METAL, "17123").is_told("No connection. What you typed is kept in this browser")
    assert not CorrectionDraft.objects.exists()
    seat.page.context.set_offline(False)
    seat.waits_until_kept()
    assert CorrectionDraft.objects.get().cells == {METAL: "17123"}
    assert seat.page.evaluate("localStorage.length") == 0


def test_a_second_window_is_told_and_neither_loses_anything(package, clerk, tables):
    seat = tables(clerk).opens(package)
    second = Tables(seat.page.context.new_page(), "en").opens(package)
    seat.writes(METAL, "17100").waits_until_kept()
    second.is_told("Something was typed in another window, too.")
    second.writes(BOUGHT, "8001").is_told("Something was typed in another window, too.")
    second.presses("Save as a new version").sees("Not saved yet: something changed in the meantime.")
    second.shows({METAL: "17100", BOUGHT: "8001"})


def test_what_was_typed_survives_back_and_reload(package, clerk, tables):
    seat = tables(clerk).opens(package).writes(METAL, "17100")  # and leaves before anything was kept
    seat.follows("Back to the package").goes_back().shows({METAL: "17100"})
    seat.reloads().shows({METAL: "17100"})
    assert seat.cell(METAL).evaluate("field => field.parentElement.classList.contains('changed')")


def test_a_block_is_placed_or_refused_as_a_whole(package, clerk, tables):
    seat = tables(clerk).opens(package)
    # As copied from the workbook, from the object on: label and unit of measure are the row's own.
    seat.pastes("fuel.anode/1/opening:item", "炭阳极（含自产）\t期初库存量\tt\t501")
    seat.shows({OPENING: "501"}).is_told("Filled from what was pasted: {n} cells.", n="2")
    # From the value on, as far as the computed column, which is left out.
    seat.pastes(ANODE, "8,100\t实测值 measured\t地磅\t台账.pdf\t已复核\t24,587\n17100\tcalculated")
    seat.shows({ANODE: "8,100", METAL: "17100", "L1/electrolysis/1/anode:source": "地磅"})
    seat.shows({"L1/electrolysis/1/anode:how": "measured", "L1/electrolysis/1/amount:how": "calculated"})
    seat.is_told("Left out, because it is computed or locked: {n}.", n="1")
    # Rows that are about something else: nothing is filled.
    seat.pastes("fuel.anode/1/opening:item", "炭阳极（含自产）\t购入量\tt\t9")
    seat.is_told("Nothing was filled: in row {n} of what was pasted stands", n="1").shows({OPENING: "501"})
    # What the list hasn't got, and what lies beyond the end of the table.
    seat.pastes("L1/electrolysis/1/power:value", "230000\tguessed\n1\n2")
    seat.is_told("Not in the list of the cell: {n}, the first is “{text}”.", n="1", text="guessed")
    seat.is_told("Beyond the end of the table: {n} rows.", n="2")


def test_pasting_is_undone(package, clerk, tables):
    seat = tables(clerk).opens(package).pastes(ANODE, "1\n2\n3")
    seat.shows({ANODE: "1", METAL: "2", POWER: "3"})
    seat.page.get_by_role("button", name="Undo filling").click()
    seat.shows({ANODE: "8000", METAL: "17000", POWER: "230000"}).is_told("Undone: {n} cells are as they were.", n="3")
    seat.pastes(ANODE, "1\n2")
    seat.page.keyboard.press("Control+z")
    seat.shows({ANODE: "8000", METAL: "17000"})
    expect(seat.page.get_by_role("button", name="Undo filling")).to_be_hidden()


def test_a_block_steps_over_a_heading(package, clerk, tables):
    """Days stopped, two dates, then the next group's amounts: with the heading's empty row copied along, or without it."""
    days = "L1/stop/1/days:value"
    seat = tables(clerk).opens(package)
    seat.pastes(days, "3\n2025-10-01\n2025-10-04\n\n7000")
    seat.shows({days: "3", ANODE: "7000", METAL: "17000"})
    seat.pastes(days, "4\n2025-10-01\n2025-10-05\n6000\n15000")
    seat.shows({days: "4", ANODE: "6000", METAL: "15000"})


def test_an_estimate_is_filled_in_and_a_register_grows_and_shrinks(package, clerk, unit_approver, officer, tables):
    says = of(plans.plan_for(story.content(package.unit, "2025-01")), "electrolysis/P1//amount", estimate="16000")
    plans.accepted(package.unit, says, clerk, unit_approver, officer, at("2025-06-01 09:00"))
    seat = tables(clerk).opens(package)
    press = seat.page.get_by_role("button", name="Estimate 16,000")
    expect(press).to_be_hidden()
    seat.writes(METAL, "")
    press.click()
    seat.shows({METAL: "16000", "L1/electrolysis/1/amount:how": "default"}).is_at(METAL)
    expect(seat.cell(SOURCE)).to_have_value(re.compile("数据质量控制方案2025年第1版保守估计值（铝电解·铝液产量）"))
    expect(press).to_be_hidden()

    # A block longer than the register, which nothing stands in yet and is opened first; rows taken out of it and put into it.
    meters = seat.page.locator("details.correction-section", has=seat.cell("meter/1:measures"))
    expect(meters).not_to_have_attribute("open", "")
    meters.locator("summary").click()
    rows = "".join(f"铝电解·炭阳极消耗量\tP1\t\tM{number}\t0.5\t2025-10-01\n" for number in range(1, 6))
    seat.pastes("meter/1:measures", rows)  # three rows stood there
    seat.shows({"meter/5:part": "M5", "meter/5:measures": "electrolysis//anode", "meter/1:line": "P1"})
    seat.page.get_by_role("button", name="Remove row 2").click()
    seat.shows({"meter/2:part": "", "meter/2:measures": ""}).is_told(
        "Row {n} is emptied: it is gone once you save.", n="2"
    )
    seat.page.get_by_role("button", name="Undo filling").click()
    seat.shows({"meter/2:part": "M2"})
    seat.page.get_by_role("button", name="Remove row 1").click()
    seat.page.get_by_role("button", name="Add a row").click()
    seat.is_at("meter/6:measures").cell("meter/6:measures").select_option("electrolysis//amount")
    seat.writes("meter/6:part", "M6").writes("meter/6:accuracy", "0.5").waits_until_kept()
    assert complaints(seat.page) == []
    seat.reloads().shows({"meter/6:part": "M6", "meter/1:part": ""})
    seat.presses("Save as a new version").sees("Saved as a workbook. It is being read.")
    seat.page.reload()
    stated = Content.from_json(Package.objects.get(pk=package.pk).submission.stored_content())
    assert [row.part for row in stated.table("meter")] == ["M2", "M3", "M4", "M5", "M6"]


def test_the_keyboard_moves_about(package, clerk, tables):
    seat = tables(clerk).opens(package)
    seat.cell(ANODE).focus()
    seat.page.keyboard.press("Enter")
    seat.is_at(METAL).page.keyboard.press("ArrowDown")
    seat.is_at(POWER).page.keyboard.press("ArrowUp")
    seat.is_at(METAL).page.keyboard.press("Shift+Enter")
    seat.is_at(ANODE).page.keyboard.press("End")
    seat.page.keyboard.press("ArrowRight")
    seat.is_at("L1/electrolysis/1/anode:how")
    assert seat.page.url.endswith("/correct/")  # Enter sent nothing


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_can_be_used_by_everybody(language, package, clerk, tables):
    seat = tables(clerk, language).opens(package)
    seat.writes(METAL, "x").presses("Save as a new version")
    seat.sees("Nothing was saved: correct the marked cells. What you typed is kept.")
    assert complaints(seat.page) == []
    name = {"zh-hans": "铝液产量 吨 数值", "en": "Liquid aluminium produced t Value"}[language]
    expect(seat.cell(METAL)).to_have_accessible_name(name)
    expect(seat.cell(METAL)).to_have_accessible_description(re.compile("“x”"))


def test_it_works_without_a_script(package, clerk, browser, live_server):
    client = Client()
    client.force_login(clerk, "django.contrib.auth.backends.ModelBackend")
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page = context.new_page()
    page.goto(reverse("reporting:package_correct", args=[package.pk]))
    page.locator("details.correction-section").filter(has=page.locator(f'[name="{METAL}"]')).locator(
        "summary"
    ).first.click()
    page.locator(f'[name="{METAL}"]').fill("17100")
    page.locator("form.correction button[type=submit]").click()
    page.wait_for_url(f"**{reverse('reporting:package', args=[package.pk])}")
    context.close()
    package.refresh_from_db()
    assert package.submission.version == 2
