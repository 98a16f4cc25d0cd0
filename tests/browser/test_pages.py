"""Every page of a small country, as the roles see it, in both languages: nothing is broken, nothing sticks out, all has a name.

The walk starts at each role's home page and follows what links to further pages: of each kind of page one in Chinese, one in
English. Both widths are looked at.
"""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import resolve
from playwright.sync_api import Page

from quota_site.demo.build import PRESENT, build
from registry.models import Person
from tests.browser.audit import complaints, doors

USERS = [
    *("steel-clerk", "cement-approver", "verifier-js01", "shandong-officer", "shandong-approver"),
    *("registrar-operator", "registrar-approver", "ministry-analyst", "auditor"),
]
LANGUAGES = ("zh-hans", "en")
FILES = {
    "api:openapi-json",
    "reporting:bulk_original",
    "reporting:package_blank",
    "reporting:evidence",
    "reporting:receipt_file",
    "reporting:upload",
    "allocation:letter_tables",
    "allocation:trade_import_file",
}
SEEN_BY_SOMEBODY = {
    *("home", "password_change"),
    *(
        "registry:directory",
        "registry:directory_entry",
        "registry:directory_propose",
        "registry:units",
        "registry:unit",
    ),
    *("registry:journal", "registry:jobs", "registry:job"),
    *("registry:tokens", "registry:token_grant", "registry:mandates", "registry:mandate_offer", "reporting:bulk"),
    *("reporting:packages", "reporting:package", "reporting:package_version", "reporting:package_board"),
    *("reporting:unit_year", "reporting:annual_reports", "reporting:annual_report"),
    *(
        "reporting:verifications",
        "reporting:verification",
        "reporting:verification_notice",
        "reporting:verified_result",
    ),
    *("allocation:plans", "allocation:plan", "allocation:balance_values", "allocation:balance_value"),
    *("allocation:runs", "allocation:run", "allocation:run_prepare", "allocation:award"),
    *("allocation:letters", "allocation:letter", "allocation:letter_write"),
    *("allocation:accounts", "allocation:account", "allocation:transaction"),
    *("allocation:trades", "allocation:trades_propose", "allocation:trade_import"),
    *("allocation:quota", "allocation:quota_of", "allocation:notices", "allocation:notice", "allocation:certificate"),
    *("allocation:surrenders", "allocation:surrender", "allocation:surrender_ask", "allocation:compliance"),
}


@pytest.fixture
def country(transactional_db, monkeypatch):
    """The demonstration's smallest country, on the demonstration's day."""
    monkeypatch.setattr("registry.clock.now", lambda: PRESENT)
    return build("tiny", 1)


def test_every_page_as_the_roles_see_it(country, page_for):
    seen: Counter[str] = Counter()
    faults: list[str] = []
    for user in USERS:
        page = page_for(Person.objects.get(username=user))
        faults += [f"{user} {fault}" for fault in walk(page, seen)]
        page.context.close()
    assert faults == []
    assert SEEN_BY_SOMEBODY - set(seen) == set()


def walk(page: Page, seen: Counter[str]) -> list[str]:
    """What is wrong with the pages that can be reached from where `page` stands; `seen` counts them by the view's name."""
    faults, own, waiting, known = [], Counter(), ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        name = resolve(urlsplit(path).path).view_name
        if name in FILES or own[name] == len(LANGUAGES):
            continue
        language = LANGUAGES[own[name]]
        own[name] += 1
        faults += [f"{path} ({language}): {fault}" for fault in visit(page, path, language)]
        further = [door for door in doors(page) if door not in known]
        known.update(further)
        waiting += further
    seen += own
    return faults


def visit(page: Page, path: str, language: str) -> list[str]:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": origin}])
    answer = page.goto(path)
    if answer is None or answer.status != 200:
        return [f"answered {answer and answer.status}"]
    spoken = page.locator("html").get_attribute("lang")
    return [*complaints(page), *([] if spoken == language else [f"speaks {spoken}"])]
