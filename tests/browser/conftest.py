"""Chromium with Playwright against the live server. Jobs are done where they are asked for, once their transaction has committed.

Needs Playwright's own Chromium or the system's (`apt install chromium fonts-noto-cjk`); without one these tests are left out.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.test import Client

from registry import jobs
from tests.conftest import leave_out

NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    from playwright.sync_api import Error, sync_playwright

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
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture(autouse=True)
def _prompt_bell(_silent_bell, monkeypatch):
    """Whoever rings does the job."""
    monkeypatch.setattr("registry.jobs._ring", lambda job_id: jobs.run(job_id, worker="browser test"))


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
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.goto(path)
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert complaints == []
