"""Every page of a small country, as the roles see it, in both languages: nothing is broken, nothing sticks out, all has a name.

The walk starts at each role's home page and follows what links to further pages: of each kind of page one in Chinese, one in
English; of a kind that others have seen in both, one. The first of a kind is looked at in every width, the others in the widest and
the narrowest; and with axe-core, in light and in dark, by those who see it first. What holds other acts for each role is looked at for
each.
"""

from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.urls import resolve
from playwright.sync_api import Page

from quota_site.demo.build import PRESENT, build
from registry.models import Person
from tests import worlds
from tests.browser.audit import WIDTHS, addresses, barriers, complaints

USERS = {
    "enterprises": ("steel-clerk", "cement-clerk", "cement-approver", "verifier-js01"),
    "a province": ("shandong-officer", "shandong-approver"),
    "the nation": ("registrar-operator", "registrar-approver", "ministry-analyst", "auditor"),
}
LANGUAGES = ("zh-hans", "en")
FILES = {
    "api:openapi-json",
    "reporting:bulk_original",
    "reporting:package_blank",
    "reporting:package_warnings",
    "reporting:evidence",
    "reporting:receipt_file",
    "reporting:reply_file",
    "reporting:upload",
    "registry:people_template",
    "registry:units_template",
    "allocation:award_json",
    "allocation:balance_value_json",
    "allocation:letter_tables",
    "allocation:run_bundle",
    "allocation:trade_import_file",
}
TAKEN_AWAY = {"_export", "format"}
# What holds other acts for each role.
MANY_FACES = {"home", "allocation:account", "reporting:package", "reporting:unit_year", "reporting:verification"}
SEEN_BY_ALL = {
    "allocation:account",
    "allocation:award",
    "allocation:balance_value",
    "allocation:balance_values",
    "allocation:certificate",
    "allocation:compliance",
    "allocation:notice",
    "allocation:notices",
    "allocation:plan",
    "allocation:plans",
    "allocation:quota_of",
    "allocation:surrender",
    "allocation:surrenders",
    "allocation:transaction",
    "home",
    "password_change",
    "registry:notification_mail",
    "registry:notifications",
    "reporting:annual_report",
    "reporting:annual_reports",
    "reporting:control_plan",
    "reporting:control_plans",
    "reporting:package",
    "reporting:package_board",
    "reporting:package_compare",
    "reporting:package_version",
    "reporting:packages",
    "reporting:receipt",
    "reporting:receipt_verify",
    "reporting:unit_year",
    "reporting:verification",
    "reporting:verification_notice",
    "reporting:verifications",
    "reporting:verified_result",
    "reporting:version_cells",
}
# Beside those, by whom the walk is made.
SEEN_BY = {
    "enterprises": {
        "allocation:quota",
        "allocation:quota_forecast",
        "allocation:surrender_ask",
        "registry:mandate_offer",
        "registry:mandates",
        "registry:token_grant",
        "registry:tokens",
        "reporting:bulk",
        "reporting:control_plan_compare",
        "reporting:control_plan_edit",
        "reporting:package_correct",
    },
    "a province": {
        "allocation:accounts",
        "allocation:letter",
        "allocation:letter_write",
        "allocation:letters",
        "allocation:quota_forecast",
        "allocation:run",
        "allocation:run_awards",
        "allocation:run_prepare",
        "allocation:runs",
        "registry:directory",
        "registry:directory_entry",
        "registry:directory_propose",
        "registry:journal",
        "registry:parameter",
        "registry:parameters",
        "registry:unit",
        "registry:units",
        "reporting:control_plan_compare",
        "reporting:deadline_extend",
        "reporting:package_queue",
        "reporting:packages_accept",
        "reporting:submission_send_back_data",
    },
    "the nation": {
        "allocation:accounts",
        "allocation:letter",
        "allocation:letters",
        "allocation:run",
        "allocation:run_awards",
        "allocation:runs",
        "allocation:trade_import",
        "allocation:trades",
        "allocation:trades_propose",
        "registry:directory",
        "registry:directory_entry",
        "registry:job",
        "registry:jobs",
        "registry:journal",
        "registry:parameter",
        "registry:parameter_propose",
        "registry:parameters",
        "registry:unit",
        "registry:units",
    },
}


@pytest.fixture
def country(transactional_db, monkeypatch, tmp_path_factory):
    """The demonstration's smallest country, on the demonstration's day."""
    monkeypatch.setattr("registry.law.clock.now", lambda: PRESENT)
    return worlds.one_for_all("tiny", lambda: build("tiny", 1), tmp_path_factory)


@pytest.mark.parametrize("of", USERS)
def test_every_page_as_the_roles_see_it(of, country, page_for):
    before = list(USERS)[: list(USERS).index(of)]
    judged = set().union(*(SEEN_BY_ALL | SEEN_BY[others] for others in before)) - MANY_FACES
    seen: Counter[str] = Counter()
    faults: list[str] = []
    for user in USERS[of]:
        page = page_for(Person.objects.get(username=user))
        faults += [f"{user} {fault}" for fault in walk(page, seen, judged)]
        page.context.close()
    assert faults == []
    assert (SEEN_BY_ALL | SEEN_BY[of]) - set(seen) == set()


def walk(page: Page, seen: Counter[str], judged: set[str]) -> list[str]:
    """What is wrong with the pages that can be reached from where `page` stands; `seen` counts them by the view's name, and axe-core need
    not judge again those of `judged`."""
    faults, own, waiting, known = [], Counter(), ["/"], {"/"}
    most = dict.fromkeys(judged, 1) | {name: 1 for name, times in seen.items() if times >= len(LANGUAGES)}
    while waiting:
        path = waiting.pop(0)
        name = resolve(urlsplit(path).path).view_name
        if (
            name in FILES
            or TAKEN_AWAY & parse_qs(urlsplit(path).query).keys()
            or own[name] == most.get(name, len(LANGUAGES))
        ):
            continue
        language = LANGUAGES[(seen[name] + own[name]) % len(LANGUAGES)]
        own[name] += 1
        first = seen[name] + own[name] == 1
        found = visit(page, path, language, WIDTHS if first else (WIDTHS[0], WIDTHS[-1]))
        found += barriers(page) if first and name not in judged else []
        faults += [f"{path} ({language}): {fault}" for fault in found]
        further = [address for address in addresses(page) if address not in known]
        known.update(further)
        waiting += further
    seen += own
    return faults


def visit(page: Page, path: str, language: str, widths: tuple[int, ...]) -> list[str]:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": origin}])
    answer = page.goto(path)
    if answer is None or answer.status != 200:
        return [f"answered {answer and answer.status}"]
    spoken = page.locator("html").get_attribute("lang")
    return [*complaints(page, widths), *([] if spoken == language else [f"speaks {spoken}"])]
