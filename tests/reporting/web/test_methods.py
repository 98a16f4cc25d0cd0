"""Which methods of HTTP the site takes, and that below /api/ whatever refuses is JSON."""

import errno
import sqlite3
from typing import Any

import pytest
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver, reverse

from quota_site.middleware import ApiAnswersMiddleware
from registry import files
from registry.models import JournalEntry
from reporting.filing import intake
from reporting.models import Package, Upload
from tests.reporting import story
from tests.reporting.api import *  # noqa: F403 (its fixtures)
from tests.reporting.api import PACKAGES, WORKBOOK, problem

OTHERS = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "QUERY")


def pages() -> list[str]:
    """Every address of the site that has no variable part, and one of each kind with 1 in its place."""
    found = []

    def walk(patterns, prefix: str) -> None:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, route)
            elif not route.startswith("api/"):
                found.append("/" + "".join("1" if part.startswith("<") else part for part in _parts(route)))

    walk(get_resolver().url_patterns, "")
    return found


def _parts(route: str) -> list[str]:
    head, *rest = route.split("<")
    return [head, *(piece for part in rest for piece in ("<" + part.partition(">")[0], part.partition(">")[2]))]


@pytest.mark.parametrize("method", OTHERS)
def test_no_page_takes_another_method(client_for, clerk, process, method):
    """Not one address of the site answers it, nor does anything happen."""
    browser, before = client_for(clerk), JournalEntry.objects.count()
    addresses = pages()
    assert len(addresses) > 150
    for address in addresses:
        response = browser.generic(method, address)
        assert response.status_code == 405, address
        assert response["Allow"] == "GET, HEAD, POST"
    assert "不接受" in browser.generic(method, "/").text
    assert JournalEntry.objects.count() == before


def test_a_page_of_a_transaction_is_not_answered_like_get(client_for, registrar_operator):
    browser = client_for(registrar_operator)
    address = reverse("allocation:accounts")
    assert browser.get(address).status_code == browser.head(address).status_code == 200
    assert browser.put(address).status_code == browser.delete(address).status_code == 405


@pytest.mark.usefixtures("now")
class TestTheApiAnswersJson:
    def test_addresses_that_lead_nowhere(self, client, db):
        for address in ("/api/v1/nothing", "/api/v2/packages", "/api/", "/api/v1/packages/steel/x/y/z"):
            assert problem(client.get(address), 404) == "not_found"

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
    def test_methods_that_a_url_does_not_take(self, caller, method):
        assert problem(caller.client.generic(method, WORKBOOK, headers=caller.headers), 405) == "method_not_allowed"

    def test_broken_json(self, caller):
        address = f"{PACKAGES}/aluminium/2025-09/submit"
        for body in (b"{", b"\xff\xfe", b"[" * 100_000, b'{"version": 1e999999}', b""):
            response = caller.client.post(address, body, content_type="application/json", headers=caller.headers)
            assert problem(response, response.status_code) in ("unreadable", "invalid", "not_found")
            assert response.status_code in (400, 404, 422)

    @pytest.mark.parametrize(
        ("error", "status", "code"),
        [
            (OSError(errno.ENOSPC, "No space left on device"), 503, "storage_full"),
            (OSError(errno.EIO, "Input/output error"), 500, "internal"),
            (RuntimeError("secret"), 500, "internal"),
            (OperationalError("secret"), 500, "internal"),
        ],
    )
    def test_faults_of_ours(self, caller, unit, process, monkeypatch, error, status, code):
        def fails(*args: Any) -> str:
            raise error

        monkeypatch.setattr(files, "keep", fails)
        response = caller.send(story.book(unit, "2025-09"))
        assert problem(response, status) == code
        assert "secret" not in response.text
        assert not Upload.objects.exists()

    def test_a_full_database(self, caller, unit, process, monkeypatch):
        cause = sqlite3.OperationalError("database or disk is full")
        cause.sqlite_errorcode = sqlite3.SQLITE_FULL
        error = OperationalError("database or disk is full")
        error.__cause__ = cause

        def fails(*args: Any) -> str:
            raise error

        monkeypatch.setattr(files, "keep", fails)
        response = caller.send(story.book(unit, "2025-09"))
        assert problem(response, 503) == "storage_full"
        assert response["Retry-After"] == "300"

    @pytest.mark.parametrize("error", [RuntimeError("x"), DisallowedHost("x"), SuspiciousOperation("x")])
    def test_faults_before_a_url_is_reached(self, client, monkeypatch, db, error):
        def fails(*args: Any) -> None:
            raise error

        monkeypatch.setattr("django.middleware.common.CommonMiddleware.process_request", fails)
        client.raise_request_exception = False
        response = client.get(PACKAGES)
        assert problem(response, response.status_code) in ("internal", "bad_request")

    def test_pages_stay_pages(self):
        request, page = RequestFactory().get("/registry/"), HttpResponse("<p>", status=404)
        assert ApiAnswersMiddleware(lambda _request: page)(request) is page

    def test_a_period_far_ahead_is_refused(self, caller, unit, process):
        for period in ("2099-12", "2026-02"):  # it is 20 November 2025
            address = WORKBOOK.replace("2025-09", period)
            response = caller.send(story.book(unit, "2025-09"), address)
            assert problem(response, 409) == "refused"
            response = caller.client.post(
                address.replace("workbook", "evidence"), b"%PDF", content_type="application/pdf", headers=caller.headers
            )
            assert problem(response, 409) == "refused"
        assert not Package.objects.exists()
        assert intake.package_of(unit, story.ALUMINIUM, "2025-12").pk
