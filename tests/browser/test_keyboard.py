"""A surrender without a mouse: the unit's approver, the province's and the registrar each do their part with Tab, Space and Enter alone."""

import pytest
from playwright.sync_api import Page, expect

from allocation.compliance import surrender
from allocation.models import SurrenderRequest
from registry.models import Person
from tests.allocation.conftest import *  # noqa: F403 (its fixtures lead up to a notice)
from tests.browser.desk import Desk
from tests.cast import at

MANY = 90
# What has the focus says, and whether it is seen to have it.
FOCUS = """() => {
  const focused = document.activeElement, style = getComputedStyle(focused);
  const seen = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  return [(focused.innerText || focused.value || "").trim(), seen];
}"""


@pytest.fixture
def request_of_unit(noticed, unit, clerk):
    """All that the unit holds, of 1,000,000 t due."""
    return surrender.request(unit, 2025, {2025: 991_176}, by=clerk, at=at("2026-11-01 09:00"))


def tabs_to(page: Page, words: str) -> None:
    """Presses Tab until what has the focus says so; whatever has it on the way is seen to have it."""
    for _press in range(MANY):
        page.keyboard.press("Tab")
        said, seen = page.evaluate(FOCUS)
        assert seen, f"not seen to have the focus: {said}"
        if said.startswith(words):
            return
    raise AssertionError(f"no Tab leads to {words}")


def enters(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def does(desk: Desk, waiting: str, act: str) -> None:
    """From home by the list of what waits to the page before the act, declares what is to be declared there, and does it."""
    page = desk.page
    page.goto("/")
    for words in (waiting, act):
        tabs_to(page, desk.said(words))
        enters(page)
    if page.locator("#declared").count():
        page.locator("#declared").focus()
        page.keyboard.press("Space")
    tabs_to(page, page.locator("form:has(input[name=confirmation]) button[type=submit]").inner_text().strip())
    enters(page)
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_surrender_needs_no_mouse(
    language, request_of_unit, unit_approver, approver, registrar_operator, page_for, it_is
):
    it_is("2026-11-02 09:00")

    def desk(person: Person) -> Desk:
        return Desk(page_for(person, language=language), language)

    does(desk(unit_approver), "Surrender requests to confirm", "Confirm")
    does(desk(approver), "Surrender requests to approve", "Approve")
    does(desk(registrar_operator), "Surrender requests to execute", "Execute")
    request_of_unit.refresh_from_db()
    assert request_of_unit.state == SurrenderRequest.State.EXECUTED
