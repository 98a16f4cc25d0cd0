"""Chromium with Playwright against the live server. Jobs are done where they are asked for, once their transaction has committed.

Needs Playwright's own Chromium or the system's (`apt install chromium-headless-shell fonts-noto-cjk`); without one these tests
are left out.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import Client
from playwright.sync_api import ConsoleMessage, Error, sync_playwright

from registry import jobs
from registry.models import Person
from tests.browser.desk import Desk
from tests.cast import at
from tests.conftest import leave_out

PASSWORD = "correct horse battery"  # noqa: S105 (nobody else's)
# The first draws no window of its own, and so needs least.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def _is_complaint(message: ConsoleMessage) -> bool:
    """A form that comes back with its faults (422) and a page that was overtaken (409) are answers like any other; and a test may pull
    the plug."""
    expected = ("status of 422", "status of 409", "net::ERR_INTERNET_DISCONNECTED")
    return message.type == "error" and not any(words in message.text for words in expected)


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    # Playwright keeps an event loop in this thread; Django would take the test's own queries for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    program = os.environ.get("QUOTA_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        try:
            # Without a sandbox: as root Chromium has none, and it visits our own pages only.
            chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        except Error as error:
            leave_out("browser", f"no Chromium could be started ({str(error).splitlines()[0]})")
        yield chromium
        chromium.close()
        connections.close_all()  # the loop's own, which would keep PostgreSQL from dropping the test database
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture(autouse=True)
def _prompt_messages(_silent_messages, monkeypatch):
    """Whoever rings does the job."""
    monkeypatch.setattr("registry.jobs.acts._send_message", lambda job_id: jobs.run(job_id, worker="browser test"))


@pytest.fixture
def do_jobs(do_jobs, _prompt_messages, monkeypatch):
    """Who asks for `do_jobs` has the jobs wait until they do them, as they wait for a worker."""
    monkeypatch.setattr("registry.jobs.acts._send_message", lambda job_id: None)
    return do_jobs


@pytest.fixture
def it_is(monkeypatch):
    """`it_is("2025-11-20 09:00")`: what the site's clock shows from now on, in Shanghai."""
    return lambda text: monkeypatch.setattr("registry.law.clock.now", lambda: at(text))


@pytest.fixture
def at_desk(page_for):
    """`at_desk(person, language="zh-hans")`: the desk of a person who has signed in through the login page, in a browser of their own."""

    def sign_in(person: Person, language: str = "zh-hans") -> Desk:
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        return Desk(page_for(path="/login/", language=language), language).signs_in(person.username, PASSWORD)

    return sign_in


@pytest.fixture
def page_for(browser, live_server):
    """`page_for(person, path="/", language="zh-hans", width=1440)`: a page in which the person is signed in.

    It fails the test on a script error or a message in the console, such as a breach of the content security policy.
    """
    contexts, complaints = [], []

    def sign_in(person=None, path: str = "/", language: str = "zh-hans", width: int = 1440):
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url)
        contexts.append(context)
        cookies = {django_settings.LANGUAGE_COOKIE_NAME: language}
        if person is not None:
            client = Client()
            client.force_login(person, "django.contrib.auth.backends.ModelBackend")
            cookies[django_settings.SESSION_COOKIE_NAME] = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _is_complaint(message) and complaints.append(message.text))
        page.goto(path)
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert complaints == []
