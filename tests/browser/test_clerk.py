"""The clerk's month: errors are what one sees first, everything is reached by keys, and a phone shows the sections that are worked on."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from quota_site.demo.invented.papers import paper
from reporting.filing import intake
from reporting.models import Package
from tests.cast import at
from tests.reporting import story
from tests.reporting.files import VALUE, edited, put

ACTIVE = "() => document.activeElement.matches('{}')"
# The focused thing lies wholly above the bar, or in it.
COVERED = """() => {
  const bar = document.querySelector(".next-bar"), focused = document.activeElement;
  if (bar.contains(focused)) return false;
  return focused.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1;
}"""


@pytest.fixture
def package(unit, make_line, clerk, officer, it_is) -> Package:
    """A month that was read with one warning: there is no plan."""
    it_is("2025-11-20 09:00")
    story.electrolysis(unit, make_line)
    story.list_unit(unit, 2025, officer)
    return story.read(unit, "2025-10", clerk, at("2025-11-20 08:00")).package


def tabs_to(page: Page, selector: str) -> None:
    """Presses Tab until it is there, and on the way nothing that has the focus is hidden by the bar."""
    for _press in range(80):
        page.keyboard.press("Tab")
        assert not page.evaluate(COVERED)
        if page.evaluate(ACTIVE.format(selector)):
            return
    raise AssertionError(f"no Tab leads to {selector}")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_clerk_needs_no_mouse(package, clerk, page_for, language, width):
    page = page_for(clerk, reverse("reporting:package", args=[package.pk]), language, width)
    tabs_to(page, "#warnings textarea")
    page.keyboard.type("方案正在备案")
    tabs_to(page, ".next-bar button")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator("#warnings .part-mark")).to_have_text("✓")
    # Asked for some keys before: the browser must know that its chooser is awaited by the time it opens.
    with page.expect_file_chooser(timeout=60_000) as choosing:
        tabs_to(page, "#attach input[type=file]")
        page.keyboard.press("Space")
    choosing.value.set_files({"name": "台账.pdf", "mimeType": "application/pdf", "buffer": paper("2025-10")})
    expect(page.locator("#attach .file-drop-name").first).to_have_text("台账.pdf")
    tabs_to(page, ".next-bar button")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator("#next .tone-ok")).to_contain_text("台账.pdf")
    expect(page.locator("#evidence .part-mark")).to_have_text("✓")
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_error_leads_to_its_cell(unit, package, clerk, page_for):
    """Words for an amount: the list has the focus, its link opens the editor with the cursor in the cell."""
    spoilt = edited(story.book(unit, "2025-10"), put("L1/electrolysis/1/amount", "约一万七千", VALUE))
    intake.receive(package, spoilt, "10月.xlsx", by=clerk, at=at("2025-11-20 08:30"))
    story.do_jobs()
    page = page_for(clerk, reverse("reporting:package", args=[package.pk]))
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    with page.expect_navigation():
        summary.locator("a").first.click()
    expect(page.locator(".correction-region [aria-invalid]").first).to_be_focused()
    expect(page.locator(".correction-region :target")).to_be_visible()


def test_a_phone_shows_the_sections_that_are_worked_on(package, clerk, page_for):
    address = reverse("reporting:package_correct", args=[package.pk])
    phone = page_for(clerk, address, width=390)
    sections = phone.locator("details.correction-section")
    assert sections.count() > 3
    assert phone.locator("details.correction-section[open]").count() == 1
    assert phone.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    phone.locator("[data-open-all]").click()
    assert phone.locator("details.correction-section:not([open])").count() == 0


def test_a_desk_shows_the_sections_in_which_something_stands_and_the_ways_to_all(package, clerk, page_for):
    desk = page_for(clerk, reverse("reporting:package_correct", args=[package.pk]))
    sections = desk.locator("details.correction-section")
    for number in range(sections.count()):
        has_rows = sections.nth(number).get_attribute("data-has-rows") is not None
        assert (sections.nth(number).get_attribute("open") is not None) == has_rows
    empty = desk.locator("details.correction-section:not([open])")
    assert empty.count() > 0
    # The ways stay in view below the bar; one to a section that is closed opens it, under neither of the two.
    desk.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
    ways = desk.locator(".correction-index")
    expect(ways).to_be_in_viewport()
    ways.locator(".pop summary").click()
    ways.locator(".pop a").last.click()
    aim = desk.locator("details.correction-section[id^=section]").last
    expect(aim).to_have_attribute("open", "")
    expect(ways.locator(".pop")).not_to_have_attribute("open", "")
    bottom = ways.evaluate("nav => nav.getBoundingClientRect().bottom")
    assert aim.evaluate("part => part.getBoundingClientRect().top") >= bottom
    desk.locator("[data-open-all]").click()
    assert empty.count() == 0
