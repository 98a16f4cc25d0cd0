"""How complete the verified results are, before a balance value is computed from them."""

from django.urls import reverse

from allocation.balance_values import completeness
from tests.cast import at

NOW = at("2026-08-01 09:00")


def test_what_is_verified_and_what_is_missing_by_province(steel, unit, make_line, verify):
    late, unknown = make_line(unit, code="L2"), make_line(unit, code="L3")
    verify(late, 2024, 12_345, when=at("2025-08-20"))
    found = completeness.of("steel", 2025, NOW)
    (row,) = found.rows
    assert (row.lines, row.verified, row.missing, row.tonnes) == (4, 2, 2, 2_000_000)
    assert (row.missing_units, row.missing_tonnes, row.unknown) == (1, 12_345, 1)
    assert found.incomplete == [row]
    verify(late, 2025, 1, when=NOW)
    verify(unknown, 2025, 1, when=NOW)
    assert completeness.of("steel", 2025, NOW).incomplete == []


def test_only_what_stood_at_the_instant_counts(steel):
    assert completeness.of("steel", 2025, at("2026-06-01 09:00")).verified == 0
    assert completeness.of("steel", 2025, NOW).verified == 2


def test_a_later_version_counts_once(steel, verify):
    verify(steel[0], 2025, 900_000, "810000", "900000", when=NOW)
    found = completeness.of("steel", 2025, NOW)
    assert (found.verified, found.tonnes) == (2, 1_900_000)


def test_the_question_costs_the_same_for_many_lines(steel, unit, make_line, django_assert_num_queries):
    for number in range(5):
        make_line(unit, code=f"M{number}")
    with django_assert_num_queries(2):
        assert completeness.of("steel", 2025, NOW).lines == 7


def test_the_ministry_sees_it_before_anybody_computes_and_others_do_not(steel, client, analyst, officer):
    page = reverse("allocation:balance_values")
    client.force_login(analyst)
    shown = client.get(page, {"sector": "steel", "year": "2025"})
    assert shown.context["completeness"].lines == 2
    assert client.get(page, {"sector": "gold"}).status_code == 200
    assert client.get(page, {"year": "x"}).status_code == 404
    client.force_login(officer)
    assert "completeness" not in client.get(page).context
