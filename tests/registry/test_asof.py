"""The day that a page is asked about."""

import datetime as dt

import pytest
from django.core.exceptions import BadRequest
from django.test import RequestFactory
from django.utils import translation

from registry.law import clock
from registry.web.as_of import as_of


def ask(**query):
    return as_of(RequestFactory().get("/", query))


@pytest.mark.parametrize("text", [" 2026-03-01 ", "2026-3-1", "２０２６-０３-０１"])
def test_a_day_is_read(text):
    assert ask(as_of=text) == dt.date(2026, 3, 1)


@pytest.mark.parametrize("query", [{}, {"as_of": ""}])
def test_without_a_day_it_is_today_in_shanghai(query, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 5, 6))
    assert ask(**query) == dt.date(2026, 5, 6)


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-02-30", "01.03.2026", "20260301", "2026-W09-7", "0001-01-01", "9999-12-31"]
)
def test_anything_else_is_refused_with_a_clear_message(text):
    with translation.override("en"), pytest.raises(BadRequest, match="is not a day"):
        ask(as_of=text)
