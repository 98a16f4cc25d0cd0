"""What the ministry sees behind a balance value: what is missing, the root as a page can bear it, who gains and loses."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse

from allocation import balance_values
from allocation.method import shown
from allocation.web.forms.balance_values import WhatIfForm
from allocation.web.tables import missing_results
from allocation.web.tables.missing_results import Stage
from registry.values.exact import half_up
from reporting.models import AnnualReport, Verification
from tests.cast import at
from tests.exports import csv_of, xlsx_of

NOW = at("2026-08-01 09:00")


@pytest.fixture(autouse=True)
def _august(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: NOW)


@pytest.fixture
def gaps(steel, unit, make_line, make_unit, list_in_directory, verify):
    """A line of 甲 that its verification forgot, last year 12,345 t; and a third works that has filed nothing yet."""
    forgotten = make_line(unit, code="L2")
    verify(forgotten, 2024, 12_345, when=at("2025-08-20"))
    silent = make_unit(name="丙")
    list_in_directory(silent, 2025)
    return forgotten, make_line(silent, code="L1")


def test_the_units_behind_a_province_and_how_far_they_are(gaps):
    forgotten, unreported = gaps
    found = {row.line: (row.stage, row.before) for row in missing_results.of("steel", 2025, NOW)}
    assert found == {forgotten: (Stage.WITHOUT_LINE, 12_345), unreported: (Stage.NO_REPORT, None)}
    AnnualReport.objects.create(
        unit=unreported.unit,
        sector="steel",
        year=2025,
        version=1,
        due="2026-03-31",
        emissions=1,
        prepared_by=AnnualReport.objects.first().prepared_by,
        prepared_at=NOW,
    )
    assert {row.line: row.stage for row in missing_results.of("steel", 2025, NOW)}[unreported] == Stage.PREPARED


@pytest.mark.parametrize(
    ("state", "stage", "under_way"),
    [("assigned", Stage.ASSIGNED, 1), ("returned", Stage.SENT_BACK, 1), ("withdrawn", Stage.FILED, 0)],
)
def test_a_verification_sent_back_or_withdrawn_is_called_so(
    gaps, verifier, officer, clerk, analyst, do_jobs, client_for, state, stage, under_way
):
    _forgotten, unreported = gaps
    filed = {"prepared_by": clerk, "prepared_at": NOW, "filed_by": officer, "filed_at": NOW, "state": "filed"}
    of = {"unit": unreported.unit, "sector": "steel", "year": 2025, "version": 1}
    report = AnnualReport.objects.create(**of, **filed, due="2026-03-31", emissions=1)
    given = {"report": report, "body": verifier.body, "assigned_by": officer, "assigned_at": NOW, "state": state}
    Verification.objects.create(**of, **given)
    assert {row.line: row.stage for row in missing_results.of("steel", 2025, NOW)}[unreported] == stage
    value = balance_values.request("steel", 2025, by=analyst, at=NOW)
    do_jobs()
    page = client_for(analyst).get(reverse("allocation:balance_value", args=[value.pk]))
    assert page.context["under_way"] == under_way


def test_the_list_costs_the_same_for_many_lines(gaps, unit, make_line, django_assert_num_queries):
    for number in range(5):
        make_line(unit, code=f"M{number}")
    with django_assert_num_queries(1):
        assert len(missing_results.of("steel", 2025, NOW)) == 7


def test_the_ministry_takes_the_list_away_narrowed_to_a_province(gaps, unit, client, analyst, officer):
    page, asked = reverse("allocation:balance_value_missing"), {"sector": "steel", "year": "2025"}
    client.force_login(analyst)
    assert client.get(page, {**asked, "province": unit.authority.code}).context["lines"] == 2
    title, head, rows = csv_of(client.get(page, {**asked, "province": unit.authority.code, "_export": "csv"}))
    assert str(unit.authority) in title
    assert len(head) == 6
    assert [row[-1] for row in rows if row[3] == "L2"] == ["12345"]
    assert xlsx_of(client.get(page, {**asked, "_export": "xlsx"})).head == head
    client.force_login(officer)
    assert client.get(page, asked).status_code == 403


def test_missing_results_are_narrowed_by_stage_and_unit(gaps, client_for, analyst):
    forgotten, silent = gaps
    client, url = client_for(analyst, "en"), reverse("allocation:balance_value_missing")
    asked = {"sector": "steel", "year": "2025"}

    def found(**more):
        return [row.record.line for row in client.get(url, asked | more).context["table"].rows]

    assert found(stage="no_report") == [silent]
    assert found(q=forgotten.unit.credit_code) == [forgotten]
    assert found(stage="no_report", q=forgotten.unit.credit_code) == []
    page = client.get(url, asked | {"stage": "without_line"})
    assert (page.context["lines"], page.context["tonnes"], page.context["unknown"]) == (1, 12_345, 0)
    stages = dict(page.context["filter"].form.fields["stage"].widget.choices)
    assert stages.pop("")
    assert stages == {"no_report": "no annual report (1)", "without_line": "verified, but not this line (1)"}
    assert set(found(stage="x")) == {forgotten, silent}  # what is typed wrongly narrows nothing, and its field says so


def test_a_root_is_shown_by_its_first_decimals_and_in_full_where_it_is_short():
    assert shown.bounded(Fraction(41, 38)) == shown.Bounded("1.078947368421", False, "41/38", 2, 2)
    assert shown.bounded(Fraction(7, 8)) == shown.Bounded("0.875000000000", True, "7/8", 1, 1)
    long = shown.bounded(Fraction(10**40 + 1, 10**40 - 1))
    assert (long.decimals, long.full, long.above, long.below) == ("1.000000000000", "", 41, 40)
    assert shown.bounded(Fraction(1, 3), cut=True).above is None


def test_what_a_value_left_out_and_its_whole_root_can_be_taken_away(gaps, publish, client, analyst):
    bv = publish()
    client.force_login(analyst)
    _title, _head, rows = csv_of(client.get(reverse("allocation:balance_value_left_out", args=[bv.pk])))
    assert sorted(str(row[2]) for row in rows) == ["L1", "L2"]
    content = json.loads(client.get(reverse("allocation:balance_value_json", args=[bv.pk])).content)
    # BP = (900,000 + 800,000) / 2,000,000 = 17/20
    assert (content["root"], content["value"], content["interval"]) == ("17/20", "0.8500", None)
    shown_page = client.get(reverse("allocation:balance_value", args=[bv.pk]))
    # at 0.85 the caps are reached at 0.85 × 0.8 = 0.68 and 0.85 × 1.2 = 1.02
    assert (shown_page.context["bounds"]["best"], shown_page.context["bounds"]["worst"]) == ("0.68", "1.02")


def test_whose_lines_a_published_value_left_out_only_the_ministry_reads(gaps, unit, publish, client, officer, analyst):
    bv = publish()
    page, listed, content = (
        reverse(f"allocation:balance_value{name}", args=[bv.pk]) for name in ("", "_left_out", "_json")
    )
    client.force_login(analyst)
    assert unit.name in client.get(page).content.decode()
    client.force_login(officer)
    assert unit.name not in client.get(page).content.decode()
    assert client.get(listed).status_code == 403
    assert json.loads(client.get(content).content)["report"]["missing"] == 2


def test_surplus_by_province_and_size_adds_up_to_the_residue(steel, publish, client, analyst, officer):
    bv = publish()
    page = reverse("allocation:balance_distribution", args=[bv.pk])
    client.force_login(analyst)
    context = client.get(page).context
    # 甲 991,176 and 乙 1,008,823 of a million each: −8,824 + 8,823 = −1
    (province,) = [group for _label, group in context["provinces"]]
    assert (province.lines, province.gaining, province.losing, province.surplus) == (2, 1, 1, -1)
    # a million is where the fourth class begins
    assert [(label, group.surplus) for label, group in context["sizes"]] == [("1,000,000 – 5,000,000", -1)]
    assert context["assumed"]
    client.force_login(officer)
    assert client.get(page).status_code == 403


def test_what_another_year_of_a_line_would_bring_is_shown_and_not_stored(steel, publish, client, analyst):
    bv = publish()
    page, key = reverse("allocation:balance_sensitivity", args=[bv.pk]), f"{steel[0].unit.credit_code}/L1"
    client.force_login(analyst)
    assert client.get(page, {"line": steel[0].unit.name}).context["chosen"].line.line == key
    assert client.get(page, {"line": "130000"}).context["found"] == 2
    shown_page = client.get(
        page, {"line": key, "emissions": "1000000", "main_emissions": "800000", "output": "1000000"}
    )
    # both at 0.80: BP = 0.80 and the quota is the emissions
    assert shown_page.context["supposed"].solution.value == half_up(Fraction(4, 5), 4)
    assert shown_page.context["supposed"].own.quota == 1_000_000
    refused = client.get(page, {"line": key, "emissions": "1000000", "main_emissions": "1", "output": "0"})
    assert "supposed" not in refused.context
    assert refused.context["fault"]
    assert client.get(page, {"line": key, "emissions": "x", "main_emissions": "", "output": "1e99"}).status_code == 200
    bv.refresh_from_db()
    assert str(bv.value) == "0.8500"


def test_cement_and_aluminium_ask_for_a_lines_emissions_once(
    unit, rival_unit, make_line, list_in_directory, verify, publish, client, analyst
):
    for each, main in ((unit, "900000"), (rival_unit, "800000")):
        list_in_directory(each, 2025, "cement")
        verify(make_line(each, "cement", code="C1"), 2025, int(main), main, "1000000")
    bv = publish("cement")
    page, key = reverse("allocation:balance_sensitivity", args=[bv.pk]), f"{unit.credit_code}/C1"
    client.force_login(analyst)
    assert list(client.get(page, {"line": key}).context["form"].fields) == ["main_emissions", "output"]
    supposed = client.get(page, {"line": key, "main_emissions": "799999.50", "output": "1000000"}).context["supposed"]
    # E is the same figure in whole tonnes: no intensity belongs to other emissions than the line's.
    assert (supposed.own.line.emissions, supposed.own.line.main_emissions) == (800_000, Decimal("799999.50"))
    steel_form = WhatIfForm().fields
    assert list(steel_form) == [
        "emissions",
        "main_emissions",
        "output",
    ]  # the works' emissions are more than its intensity's


def test_the_pages_of_a_study_cost_the_same_for_many_lines(
    steel, unit, make_line, verify, publish, client, analyst, django_assert_max_num_queries
):
    for number in range(6):
        verify(make_line(unit, code=f"M{number}"), 2025, 1000, "900", "1000")
    bv = publish()
    client.force_login(analyst)
    for name in ("balance_distribution", "balance_sensitivity"):
        with django_assert_max_num_queries(9):
            client.get(reverse(f"allocation:{name}", args=[bv.pk]))
