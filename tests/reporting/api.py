"""A program that calls the API with a token, and what its tests share."""

import json

import pytest
from django.test import Client

from registry.law import clock
from registry.people import tokens
from reporting.web.api.bodies import XLSX
from tests.cast import at
from tests.reporting import story

NOW = at("2025-11-20 09:00")
WORKBOOK = "/api/v1/packages/aluminium/2025-09/workbook"
SUBMIT = "/api/v1/packages/aluminium/2025-09/submit"
PACKAGES = "/api/v1/packages"


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def grant(clerk, unit_approver, process):
    def give(*scopes: str, person=None, by=None) -> str:
        made = tokens.grant(
            person or clerk, f"S{len(scopes)}", scopes, expires_at=at("2026-06-30"), by=by or unit_approver, at=NOW
        )
        return made[1]

    return give


@pytest.fixture
def token(grant) -> str:
    return grant("read", "upload", "submit")


class Caller:
    """A program with a token, which keeps whatever cookies it is given (none)."""

    def __init__(self, token: str, language: str = "en") -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}

    def get(self, path: str):
        return self.client.get(path, headers=self.headers)

    def send(self, data: bytes, path: str = WORKBOOK, kind: str = XLSX, **headers: str):
        return self.client.post(path, data, content_type=kind, headers=self.headers | headers)

    def submit(self, path: str = SUBMIT, **given):
        return self.client.post(
            path, json.dumps({"declared": True} | given), content_type="application/json", headers=self.headers
        )


@pytest.fixture
def caller(token) -> Caller:
    return Caller(token)


@pytest.fixture
def book(unit) -> bytes:
    return story.book(unit, "2025-09")


def problem(response, status: int) -> str:
    """The code of an error answer, which has one shape and sets no cookie."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    assert not response.cookies
    said = response.json()
    assert set(said) == {"code", "message", "remedy"}
    assert all(said.values())
    return said["code"]
