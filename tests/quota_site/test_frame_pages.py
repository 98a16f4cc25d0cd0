"""On every page that anybody can open the frame says where they are, and the way back up stands above it."""

import re

import pytest

from quota_site import navigation
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.addresses import FOR_ANY_PERSON, URLS, address
from tests.opened import *  # noqa: F403 (its fixture)

# One of each navigation is enough: the clerk's is the unit's approver's, and so on.
ROLES = ["clerk", "verifier", "officer", "registrar_operator", "analyst", "auditor"]
# Pages with nothing above them but the home page: what the frame itself leads to.
TOPMOST = {"/", "/registry/messages/", "/account/", "/search/"}
_HEAD = re.compile(r'<header class="site-head">.*?</header>', re.DOTALL)
_CURRENT = re.compile(r'<(a|form)\b[^>]* aria-current="(page|true)"')


def faults(path: str, html: str, role: str) -> list[str]:
    """What is wrong with the frame of a page."""
    found = []
    (head,) = _HEAD.findall(html)
    marked = _CURRENT.findall(head)
    if len(marked) != 1:
        found.append(f"{path}: {len(marked)} current places")
    place = navigation.of_page(role, path)
    is_top = path in TOPMOST or (place is not None and place.is_list)
    if place is not None and f'<summary aria-current="true">{place.group.label}' not in head:
        found.append(f"{path}: its group isn't marked")
    if marked and (marked[0][1] == "page") is not (is_top or path == "/password/"):  # the account menu has both
        found.append(f"{path}: marked as {marked[0][1]}")
    if ('class="crumbs"' in html) is is_top:
        found.append(f"{path}: {'needless' if is_top else 'no'} way back up")
    return found


@pytest.mark.parametrize("name", ROLES)
def test_every_page_says_where_one_is(world, name, request, opened):
    person = request.getfixturevalue(name)
    wrong, seen = [], 0
    for route in (*FOR_ANY_PERSON, *URLS):
        html = opened[name, route].page
        if "site-head" in html:
            seen += 1
            wrong += faults(address(route, world), html, person.role)
    assert not wrong, "\n".join(wrong)
    assert seen > 15
