"""The frame of every page in a real browser."""

import pytest


@pytest.mark.parametrize("width", [1440, 390])
def test_the_home_page_has_no_sideways_scroll(page_for, officer, width):
    page = page_for(officer, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("html").get_attribute("lang") == "zh-hans"


def test_a_page_stands_still_when_a_button_is_pressed(page_for, officer):
    """No gliding to what was focused: a press on what moves along misses it."""
    page = page_for(officer)
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_the_language_is_the_visitors_choice(page_for, officer):
    page = page_for(officer, language="en")
    assert page.locator("html").get_attribute("lang") == "en"


def test_signing_in(page_for, make_person, hebei):
    make_person("provincial_officer", "河北经办", username="officer", password="correct horse battery", authority=hebei)
    page = page_for()
    page.get_by_role("textbox").nth(0).fill("officer")
    page.locator("input[type=password]").fill("correct horse battery")
    page.keyboard.press("Enter")
    page.get_by_text("河北经办").first.wait_for()


@pytest.mark.parametrize("who", ["clerk", "officer", "registrar_operator", "analyst", "auditor"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_way_about_takes_one_line(page_for, request, who, language):
    page = page_for(request.getfixturevalue(who), language=language)
    tops = page.evaluate("[...document.querySelectorAll('.site-nav > ul > li')].map(a => a.offsetTop)")
    assert len(tops) > 1
    assert len(set(tops)) == 1


def test_keys_lead_to_the_search_and_through_the_menus(page_for, officer):
    page = page_for(officer)
    focused = "document.activeElement.id || document.activeElement.textContent.trim()"
    page.keyboard.press("/")
    assert page.evaluate(focused) == "site-search"
    page.keyboard.type("a/b")  # in a field a stroke is a stroke
    assert page.locator("#site-search").input_value() == "a/b"
    menu = page.locator(".site-nav details").first
    menu.locator("summary").focus()
    page.keyboard.press("ArrowDown")
    assert menu.evaluate("menu => menu.open && menu.contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert not menu.evaluate("menu => menu.open")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("ArrowRight")
    assert page.locator(".site-nav details").nth(1).evaluate("menu => menu.contains(document.activeElement)")
