"""Every URL × every role, against the matrix; a URL that is not listed here fails.

For a URL the view's own mark (`access.page`) says its act. Asked by each of the cast about 甲's things:
a role that never does the act gets 403; one who may not even look at the thing gets 404; one who may look but not act on it gets
403; everybody else gets in. Whoever isn't signed in is sent to the sign-in page.
"""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from registry.permissions import MANDATED, MATRIX, Act, Whose
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.access_world import Asker
from tests.addresses import (
    FOR_ANY_PERSON,
    FOR_ANYBODY,
    FOR_TOKENS,
    METHODS,
    OPENS_A_PACKAGE,
    OWN_BY_YEAR,
    ROUTES,
    STEP,
    URLS,
    act_of,
    address,
)
from tests.opened import *  # noqa: F403 (its fixture)


def ask(client: Client, path: str) -> int:
    """The status of a page, or of the act where the address only takes acts; whatever it did is undone."""
    with transaction.atomic():
        response = client.get(path)
        transaction.set_rollback(True)
    return press(client, path) if "Allow" in response.headers else response.status_code


def press(client: Client, path: str) -> int:
    """The status of an act that is then undone."""
    with transaction.atomic():
        response = client.post(path)
        transaction.set_rollback(True)
    return response.status_code


def expected(route: str, asker: Asker, world: SimpleNamespace) -> str:
    """ "in", "403" or "404", from the matrix alone."""
    act, about = act_of(route), URLS[route]
    if asker.person.role not in MATRIX[act]:
        return "403"
    if about is None or route == OWN_BY_YEAR:
        return "in"
    own = world.job.asked_by_id == asker.person.pk
    reaches = map(asker.reaches, (about.view, STEP.get(route, act)))
    sees, does = (own if reach is None else reach for reach in reaches)
    return "404" if not sees else "in" if does else "403"


def test_every_url_is_listed():
    assert set(ROUTES) == {*URLS, *FOR_ANYBODY, *FOR_ANY_PERSON, *FOR_TOKENS}


def test_every_listed_url_is_marked_with_its_act():
    unmarked = [route for route in ROUTES if act_of(route) is None]
    assert sorted(unmarked) == sorted({*FOR_ANYBODY, *FOR_ANY_PERSON, *FOR_TOKENS})


def test_every_role_gets_what_the_matrix_says(world, askers, opened, client_for):
    wrong = []
    for asker in askers:
        client = client_for(asker.person)
        client.raise_request_exception = False
        for route in URLS:
            answer = opened[asker.name, route]
            status = press(client, address(route, world)) if answer.takes_acts_only else answer.status
            due = expected(route, asker, world)
            got = "in" if status < 400 or status in (400, 422) else str(status)
            if got != due:
                wrong.append(f"{asker.name} at {route}: {status}, expected {due}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("may_submit", [False, True])
def test_a_mandate_opens_what_it_says_and_nothing_else(world, hold_mandate, rival_clerk, client_for, may_submit):
    hold_mandate(may_submit=may_submit)
    client = client_for(rival_clerk)
    client.raise_request_exception = False
    opened = MANDATED if may_submit else MANDATED - {Act.SUBMIT_PACKAGE}
    wrong = []
    for route, about in URLS.items():
        act = act_of(route)
        if about is None or route == OWN_BY_YEAR or rival_clerk.role not in MATRIX[act]:
            continue
        # The packages' own pages, and the address that opens one; not the unit's year, which holds more than packages.
        theirs = about.view in (Act.VIEW_PACKAGE, Act.VIEW_DRAFT) or route == OPENS_A_PACKAGE
        sees = MATRIX[act][rival_clerk.role] is Whose.ALL or theirs
        due = "404" if not sees else "in" if act in opened or MATRIX[act][rival_clerk.role] is Whose.ALL else "403"
        status = ask(client, address(route, world))
        got = "in" if status < 400 or status in (400, 422) else str(status)
        if got != due:
            wrong.append(f"{route}: {status}, expected {due}")
    assert not wrong, "\n".join(wrong)


def test_whoever_is_not_signed_in_is_sent_to_sign_in(world, client):
    login = reverse("login")
    for route in [*URLS, *FOR_ANY_PERSON]:
        path = address(route, world) if route in URLS else f"/{route}"
        for response in (client.get(path), client.post(path)):
            assert response.status_code == 302, path
            assert response["Location"].startswith(f"{login}?next="), path


def test_without_a_token_no_session_helps(askers, client_for, client):
    for caller in (client, *(client_for(asker.person) for asker in askers)):
        for route, scope in FOR_TOKENS.items():
            path = "/" + route.replace("<sector>", "steel").replace("<period>", "2025-09").replace("<int:id>", "1")
            response = caller.generic(METHODS.get(scope, "POST"), path)
            assert response.status_code == 401, path


def test_the_signed_in_get_their_own_pages(askers, opened):
    for asker in askers:
        for route in FOR_ANY_PERSON:
            if route not in ("logout/", "account/sessions/end/"):  # they only take a form
                assert opened[asker.name, route].status == 200, (asker.name, route)
