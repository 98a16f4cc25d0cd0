"""A published balance value recomputed with later results: compared and kept, never published, nothing moved."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from allocation import balance_values
from allocation.balance_values import recomputations
from allocation.models import Recomputation
from registry.models import JournalEntry
from registry.refusal import Refusal
from tests.allocation.runs.test_frozen import changeable, raw_delete, refused
from tests.cast import at
from tests.exports import csv_of

LATER = at("2026-10-01 09:00")


@pytest.fixture
def recomputed(steel, publish, verify, make_line, unit, analyst, do_jobs):
    """甲 was re-verified, at I = 0.80 like 乙, and a new line came in."""
    bv = publish()
    verify(steel[0], 2025, 1_000_000, "800000", "1000000", when=at("2026-09-20 09:00"))
    verify(make_line(unit, code="L2"), 2025, 500_000, "400000", "500000", when=at("2026-09-20 09:00"))
    asked = recomputations.request(bv, by=analyst, at=LATER)
    do_jobs()
    return Recomputation.objects.get(pk=asked.pk)


def test_it_is_compared_with_the_published_value(recomputed):
    # everybody at 0.80: the value is 0.80, and quota equals emissions
    assert (str(recomputed.value), recomputed.exact) == ("0.8000", "4/5")
    assert str(recomputed.published.value) == "0.8500"
    compared = recomputed.compared
    lines = [
        (one["line"].split("/")[1], one["before"] and one["before"]["quota"], one["after"]["quota"])
        for one in compared["lines"]
    ]
    assert sorted(lines, key=str) == [("L1", 991_176, 1_000_000), ("L2", None, 500_000)]
    assert compared["moved"] == 3  # 乙's quota moves with the value alone
    (province,) = recomputations.provinces(recomputed)
    assert (province.emissions_before, province.emissions_after) == (2_000_000, 2_500_000)
    assert (province.quota_before, province.quota_after) == (1_999_999, 2_500_000)
    acts = JournalEntry.objects.filter(act__startswith="recomputation.").order_by("sequence")
    assert list(acts.values_list("act", flat=True)) == ["recomputation.requested", "recomputation.computed"]


def test_the_published_value_stays_and_the_recomputation_can_not_take_its_place(recomputed):
    published = recomputed.published
    assert balance_values.published("steel", 2025) == published
    assert not balance_values.tampered(published)
    assert changeable(recomputed) == set()
    assert refused(Recomputation, recomputed.pk, raw_delete)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recomputation.objects.create(
            published=published, state="published", asked_by=recomputed.asked_by, asked_at=LATER
        )


def test_only_a_published_value_is_recomputed_and_once_at_a_time(steel, analyst, ministry_approver, do_jobs):
    asked = balance_values.request("steel", 2025, by=analyst, at=at("2026-08-01 09:00"))
    do_jobs()
    with pytest.raises(Refusal):
        recomputations.request(asked, by=analyst, at=LATER)
    published = balance_values.publish(asked, by=ministry_approver, at=at("2026-08-05 09:00"))
    recomputations.request(published, by=analyst, at=LATER)
    with pytest.raises(Refusal):
        recomputations.request(published, by=analyst, at=LATER)


def test_without_a_change_nothing_differs(steel, publish, analyst, do_jobs):
    asked = recomputations.request(publish(), by=analyst, at=LATER)
    do_jobs()
    row = Recomputation.objects.get(pk=asked.pk)
    assert (row.value, row.compared["lines"], row.compared["moved"]) == (row.published.value, [], 0)
    assert json.loads(row.manifest)["hypothetical_of"] == row.published.manifest_sha256


def test_results_that_can_not_be_used_fail_it_with_the_reason(steel, publish, verify, analyst, do_jobs):
    bv = publish()
    verify(steel[0], 2025, 1_000_000, "800000", "0", when=at("2026-09-20 09:00"))
    asked = recomputations.request(bv, by=analyst, at=LATER)
    do_jobs()
    row = Recomputation.objects.get(pk=asked.pk)
    assert (row.state, bool(row.fault)) == (Recomputation.State.FAILED, True)


def test_the_page_and_its_table(
    recomputed, client, analyst, auditor, officer, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("registry.law.clock.now", lambda: LATER)
    page = reverse("allocation:recomputation", args=[recomputed.pk])
    again = reverse("allocation:balance_recompute", args=[recomputed.published_id])
    client.force_login(officer)
    assert client.get(page).status_code == 403
    client.force_login(auditor)
    assert client.post(again).status_code == 403
    client.force_login(analyst)
    with django_assert_max_num_queries(9):
        context = client.get(page).context
    assert (str(context["difference"]), context["changed"], context["total_difference"]) == ("-0.0500", 2, 500_001)
    assert [row[2:] for row in csv_of(client.get(page, {"_export": "csv"})).rows] == [
        ["L1", "1000000", "1000000", "0.9000", "0.8000", "991176", "1000000"],
        ["L2", "", "500000", "", "0.8000", "", "500000"],
    ]
    assert client.post(again).status_code == 302
    assert Recomputation.objects.count() == 2


def test_changed_lines_are_narrowed_with_their_totals(recomputed, unit, client_for, analyst, monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: LATER)
    client, page = client_for(analyst, "en"), reverse("allocation:recomputation", args=[recomputed.pk])

    def found(**asked):
        table = client.get(page, asked).context["table"]
        foot = [table.columns[name].footer for name in ("quota_before", "quota_after", "difference")]
        return [row.record.line for row in table.rows], foot

    assert found() == (["L1", "L2"], ["991,176", "1,500,000", "+508,824"])
    assert found(change="new") == (["L2"], ["0", "500,000", "+500,000"])
    assert found(change="other_figures", q=unit.credit_code)[0] == ["L1"]
    assert found(province=unit.authority.code)[0] == ["L1", "L2"]
    assert found(q="nobody")[0] == []
    assert client.get(page, {"change": "new"}).context["changed"] == 2  # of all that changed
    assert [row[2] for row in csv_of(client.get(page, {"change": "new", "_export": "csv"})).rows] == ["L2"]
