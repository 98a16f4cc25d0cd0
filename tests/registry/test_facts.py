"""The journal's details: short pairs to read, the whole beside them."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from registry import journal
from registry.journal import display as facts
from registry.values.canonical import canonical
from tests.cast import at


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("台账缺页", "台账缺页"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (["a"], "1 entry"),
        ([1, 2], "2 entries"),
        ({"a": 1}, "1 entry"),
        ("0123456789abcdef" * 4, "0123456789ab"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 60 + "…"),
    ],
)
def test_values_are_short(value, shown):
    with translation.override("en"):
        assert list(facts.pairs(canonical({"reason": value, "newly_made": value}))) == [
            ("newly_made", shown),  # canonical order; an unknown name stands as it is
            ("reason", shown),
        ]


@pytest.mark.parametrize("empty", ["", None, [], {}])
def test_what_is_empty_is_left_out(empty):
    assert list(facts.pairs(canonical({"reason": empty}))) == []


def test_the_page_shows_pairs_and_keeps_the_whole(unit, auditor, client_for):
    many: dict[str, Any] = {f"fact{number}": number for number in range(8)}
    journal.record("directory.decided", unit, by=None, at=at("2025-10-01"), reason="<b>缺页</b>", late=True, **many)
    page = client_for(auditor, "en").get(reverse("registry:journal")).text
    assert "<dt>late</dt><dd>yes</dd>" not in page  # the seventh and further ones are in the whole
    assert page.count("<dt>fact") == facts.MOST
    assert "<summary>the whole entry</summary>" in page
    assert "&lt;b&gt;缺页&lt;/b&gt;" in page
    assert "<b>缺页" not in page


def test_an_act_without_facts_has_none(unit, auditor, client_for):
    journal.record("directory.decided", unit, by=None, at=at("2025-10-01"))
    assert "the whole entry" not in client_for(auditor, "en").get(reverse("registry:journal")).text
