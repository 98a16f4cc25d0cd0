"""A session ends while somebody fills in a form, for every address that only takes what forms send."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from quota_site.way_back import page_of
from registry.models import Session
from registry.permissions import MATRIX
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.addresses import FOR_ANY_PERSON, URLS, act_of, address
from tests.opened import *  # noqa: F403 (its fixture)

pytestmark = pytest.mark.pages

FIELDS = ("reason", "reasons", "text", "number", "name", "opinion", "grounds", "facts", "note", "something")
# A draft is on the server already (tests/reporting/correction/test_correction_drafts.py), and what the script can't send it keeps in the
# browser (tests/browser/test_correction.py); the verifier's table has a field for every datum (tests/reporting/web/test_typed.py).
KEEPS_ITSELF = ("/correct/keep/", "/correct/discard/", "/settle/", "/confirm-all/")
# Nothing is written there: choices, a number, a day, which come back; the form has no place for other fields.
CHOOSES_ONLY = ("/balance-values/compute/", "/own-day/set/")
FRAME = ("/logout/", "/language/")
TYPED = "这是花了半小时写成的理由"


def addresses(world, asker, opened) -> list[str]:
    """The addresses of acts, one for each that the asker's role does and that only takes posts."""
    return [
        address(route, world)
        for route in URLS
        if asker.person.role in MATRIX[act_of(route)] and opened[asker.name, route].takes_acts_only
    ]


def end_session(client: Client) -> None:
    """The row is gone, as after eight hours; the browser still has its cookies."""
    Session.objects.all().delete()


def sign_in(client: Client, person) -> None:
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")


def test_whoever_presses_a_button_too_late_comes_back_and_is_told(world, askers, opened, client_for):
    met = set()
    for asker in askers:
        if not asker.is_near:
            continue
        client = client_for(asker.person, "en")
        client.raise_request_exception = False
        client.get(reverse("password_change"))
        for path in addresses(world, asker, opened):
            met.add(path)
            end_session(client)
            lost = client.post(path, dict.fromkeys(FIELDS, TYPED))
            assert lost.status_code == 302, path
            assert lost["Location"].startswith(reverse("login") + "?next="), path
            sign_in(client, asker.person)
            page = client.get(_next(lost), follow=True)
            assert page.status_code == 200, (asker.name, path)
            assert page.redirect_chain, path
            shown = page.content.decode()
            assert "nothing was sent" in shown, (asker.name, path)
            assert TYPED in shown or path.endswith(KEEPS_ITSELF + CHOOSES_ONLY), (asker.name, path)
    assert len(met) > 50


def _next(response) -> str:
    return parse_qs(urlsplit(response["Location"]).query)["next"][0]


def test_looking_at_such_an_address_leads_to_the_page_of_the_thing(world, askers, opened):
    for asker in askers:
        if not asker.is_near:
            continue
        answers = {address(route, world): opened[asker.name, route] for route in (*FOR_ANY_PERSON, *URLS)}
        for path in addresses(world, asker, opened):
            page = answers[path]
            while page.leads_to:
                page = answers[page.leads_to]
            assert page.status == 200, (asker.name, path)
            assert page.page, path


@pytest.fixture
def browser(client_for, clerk) -> Client:
    client = client_for(clerk, "en")
    client.get(reverse("home"))
    return client


def test_a_file_must_be_chosen_again(world, browser, clerk):
    end_session(browser)
    page, upload = (reverse(f"reporting:{name}", args=[world.package.pk]) for name in ("package", "package_upload"))
    file = SimpleUploadedFile("2025-09.xlsx", b"PK")
    lost = browser.post(upload, {"file": file}, headers={"Referer": f"http://testserver{page}?version=1"})
    assert _next(lost) == f"{page}?version=1&unsent=file"
    sign_in(browser, clerk)
    shown = browser.get(_next(lost), follow=True)
    assert shown.redirect_chain[-1][0] == f"{page}?version=1"
    assert "Choose the file again" in shown.content.decode()
    assert "Choose the file again" not in browser.get(page).content.decode()


def another_window(browser: Client, person) -> None:
    """The same browser signs in again, and the forms of its other windows hold the token of before."""
    sign_in(browser, person)
    browser.cookies["csrftoken"] = "b" * 32


@pytest.fixture
def strict(clerk) -> Client:
    """A browser whose forms' tokens are looked at, and which has signed in twice since they were made."""
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["django_language"] = "en"
    sign_in(browser, clerk)
    browser.get(reverse("home"))
    another_window(browser, clerk)
    return browser


def sent_stale(browser: Client, path: str, page: str, **fields):
    headers = {"Referer": f"http://testserver{page}", "Origin": "http://testserver"}
    return browser.post(path, fields | {"csrfmiddlewaretoken": "a" * 32}, headers=headers, follow=True)


def test_a_form_of_an_earlier_sign_in_comes_back_with_what_was_typed(world, askers, opened):
    """For each address by the first whose act it is: to each of the others its page shows what was typed as after a lost session."""
    met = set()
    for asker in askers:
        if not asker.is_near:
            continue
        browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
        browser.cookies["django_language"] = "en"
        for path in addresses(world, asker, opened):
            if path in met:
                continue
            met.add(path)
            another_window(browser, asker.person)
            shown = sent_stale(browser, path, page_of(path), **dict.fromkeys(FIELDS, TYPED))
            assert shown.status_code == 200, (asker.name, path)
            assert "You signed in again in the meantime: nothing was sent" in shown.text, (asker.name, path)
            assert TYPED in shown.text or path.endswith(KEEPS_ITSELF + CHOOSES_ONLY + FRAME), (asker.name, path)
    assert len(met) > 50


def test_a_file_of_an_earlier_sign_in_is_chosen_again(world, strict):
    page, upload = (reverse(f"reporting:{name}", args=[world.package.pk]) for name in ("package", "package_upload"))
    shown = sent_stale(strict, upload, page, file=SimpleUploadedFile("2025-09.xlsx", b"PK"))
    assert "Choose the file again" in shown.text
    assert "Choose the file again" not in strict.get(page).text


def test_the_address_of_an_earlier_sign_in_leads_in(strict):
    shown = sent_stale(strict, reverse("login"), reverse("login"), username="x", password="y")
    assert (shown.status_code, shown.redirect_chain[-1][0]) == (200, reverse("home"))


def test_what_another_site_sends_is_neither_done_nor_kept(world, strict):
    path = reverse("registry:mandate_offer")
    for headers in ({"Origin": "http://evil.example"}, {"Referer": "http://evil.example/"}, {}):
        answer = strict.post(path, {"holder": TYPED, "csrfmiddlewaretoken": "a" * 32}, headers=headers)
        assert answer.status_code == 403
        assert TYPED not in strict.get(path).text


def test_a_browser_without_cookies_is_told_to_allow_them(client):
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(reverse("login"), {"username": "x", "password": "y"}, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403


def test_the_address_says_that_nothing_was_sent_and_what_is_kept(world, browser):
    end_session(browser)
    lost = browser.post(reverse("registry:mandate_offer"), {"holder": TYPED})
    address = browser.get(lost["Location"]).content.decode()
    assert "Nothing was sent" in address
    assert "what you typed is kept there" in address
    assert TYPED not in address
    assert "Nothing was sent" not in browser.get(reverse("login") + "?next=/registry/mandates/offer/").content.decode()


def test_what_was_typed_is_shown_to_nobody_else(world, browser, clerk, rival_clerk):
    end_session(browser)
    url = reverse("registry:mandate_offer")
    lost = browser.post(url, {"holder": TYPED})
    browser.post(reverse("login"), {"username": "nobody", "password": "wrong"})
    sign_in(browser, rival_clerk)
    assert TYPED not in browser.get(_next(lost), follow=True).content.decode()


def test_a_browser_in_which_nobody_was_signed_in_keeps_nothing(client, world):
    lost = client.post(reverse("reporting:package_upload", args=[world.package.pk]), {"reason": TYPED})
    assert _next(lost).endswith("?unsent=form")
    assert not Session.objects.exists()


def test_a_fragment_leads_the_whole_page_to_the_address(client):
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/registry/jobs/"}
    answer = client.get(reverse("registry:job_progress", args=[1]), headers=asked)
    assert answer.headers["HX-Redirect"] == "/login/?next=/registry/jobs/"


def test_whose_seat_is_ended_while_typing_is_told_at_the_address(world, browser, clerk):
    clerk.is_active = False
    clerk.set_password("correct horse battery")
    clerk.save()
    lost = browser.post(reverse("reporting:package_answers", args=[world.package.pk]), {"answer-1": TYPED})
    address = browser.get(lost["Location"]).content.decode()
    assert "Your access has been ended" in address
    assert clerk.username in address
    assert TYPED in address
    tried = browser.post(reverse("login"), {"username": clerk.username, "password": "correct horse battery"})
    assert "has been ended" in tried.context["form"].non_field_errors()[0]
    guessed = browser.post(reverse("login"), {"username": clerk.username, "password": "wrong"})
    assert "has been ended" not in guessed.context["form"].non_field_errors()[0]


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/registry/mandates/5/accept/", "/registry/mandates/"),
        ("/allocation/deductions/5/revoke/approve/", "/allocation/deductions/5/"),
        ("/reporting/packages/5/correct/keep/", "/reporting/packages/5/correct/"),
        ("/allocation/balance-values/compute/", "/allocation/balance-values/"),
        ("/logout/", "/"),
    ],
)
def test_the_page_of_an_address_is_the_nearest_above_it(path, page):
    assert page_of(path) == page


def test_signing_out_by_its_address_leads_home(client_for, clerk):
    assert "logout/" in FOR_ANY_PERSON
    assert client_for(clerk).get("/logout/")["Location"] == "/"
