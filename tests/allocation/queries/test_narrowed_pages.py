"""Lists of allocation narrowed: their rows, the totals at their foot, and what is taken away are those of the narrowed selection."""

import django_tables2
import pytest
from django.urls import reverse

from allocation.models import Account, Award
from registry.web import paging
from tests.cast import at
from tests.exports import csv_of


@pytest.fixture(autouse=True)
def _november(monkeypatch):
    monkeypatch.setattr("registry.law.clock.now", lambda: at("2026-11-20 09:00"))


@pytest.fixture
def exchanged(noticed, traded, unit, rival_unit):
    """甲 sells 1,000 t to 乙 in October and buys 300 t back in November."""
    sold = f"T1,2026-10-15,{unit.credit_code},{rival_unit.credit_code},2025,1000"
    bought = f"T2,2026-11-10,{rival_unit.credit_code},{unit.credit_code},2025,300"
    table = f"reference,traded_on,seller,buyer,vintage,quantity\n{sold}\n{bought}\n".encode()
    return traded(table, at("2026-11-12"))


def rows_of(page):
    return [row.record for row in page.context["table"].rows]


def choices_of(page, name):
    return [label for _value, label in page.context["filter"].form.fields[name].widget.choices]


def foot_of(page, column):
    return page.context["table"].columns[column].footer


def test_a_runs_awards_are_narrowed_to_a_unit_with_its_totals(noticed, unit, rival_unit, officer, client_for):
    own = Award.objects.get(unit=unit)
    url, client = reverse("allocation:run_awards", args=[own.run_id]), client_for(officer, "en")
    whole = client.get(url)
    assert {row.unit for row in rows_of(whole)} == {unit, rival_unit}
    assert foot_of(whole, "quota") == "1,999,999"
    assert "by intensity (2)" in choices_of(whole, "case")
    narrowed = client.get(url, {"q": unit.credit_code})
    assert rows_of(narrowed) == [own]
    assert foot_of(narrowed, "quota") == f"{own.quota:,}" == "991,176"
    taken = csv_of(client.get(url, {"q": unit.credit_code, "_export": "csv"}))
    assert len(taken.rows) == 1
    assert f"Name or credit code: {unit.credit_code}" in taken.title
    nothing = client.get(url, {"case": "idle"})
    assert rows_of(nothing) == []
    assert "Nothing matches: change the filters." in nothing.content.decode()


def test_trades_are_looked_for_by_party_reference_and_day(exchanged, unit, registrar_operator, client_for):
    url, client = reverse("allocation:trades"), client_for(registrar_operator, "en")

    def found(**asked):
        return [trade.reference for trade in rows_of(client.get(url, asked))]

    assert found() == ["T2", "T1"]
    assert found(sort="quantity") == ["T2", "T1"]
    assert found(sort="-quantity") == ["T1", "T2"]
    assert found(q=unit.credit_code) == ["T2", "T1"]
    assert found(q="nobody") == []
    assert found(reference="t1") == ["T1"]
    assert found(since="2026-11-10") == ["T2"]
    assert found(until="2026-11-09") == ["T1"]
    assert found(vintage="2024") == []
    assert foot_of(client.get(url), "quantity") == "1,300"
    assert foot_of(client.get(url, {"since": "2026-11-10"}), "quantity") == "300"
    assert len(csv_of(client.get(url, {"since": "2026-11-10", "_export": "csv"})).rows) == 1
    assert "2025 (2)" in choices_of(client.get(url), "vintage")


def test_the_balance_after_an_entry_counts_what_the_list_leaves_out(exchanged, unit, clerk, client_for):
    account = Account.objects.get(unit=unit)
    url, client = reverse("allocation:account", args=[account.pk]), client_for(clerk, "en")

    def found(**asked):
        return [(row.amount, row.balance) for row in rows_of(client.get(url, asked))]

    whole = [(300, 990_476), (-1_000, 990_176), (991_176, 991_176)]
    assert found() == whole
    assert found(direction="out") == [whole[1]]
    assert found(direction="in") == [whole[0], whole[2]]
    assert found(kind="trade") == whole[:2]
    assert found(since="2026-11-01") == [whole[0]]
    assert found(vintage="2024") == []
    assert found(as_of="2026-10-31") == whole[1:]
    assert foot_of(client.get(url, {"kind": "trade"}), "amount") == "−700"
    page = client.get(url)
    assert choices_of(page, "kind")[4] == "trade (2)"
    taken = csv_of(client.get(url, {"direction": "out", "_export": "csv"}))
    assert [row[3:5] for row in taken.rows] == [["-1000", "990176"]]


def test_the_balance_is_the_same_on_every_page_of_a_long_statement(exchanged, unit, clerk, client_for, monkeypatch):
    monkeypatch.setattr(paging, "SHORT", 0)
    paginate = django_tables2.Table.paginate
    monkeypatch.setattr(django_tables2.Table, "paginate", lambda table, **how: paginate(table, **how | {"per_page": 1}))
    url = reverse("allocation:account", args=[Account.objects.get(unit=unit).pk])
    pages = [client_for(clerk).get(url, {"page": str(number)}).context["table"] for number in (1, 2, 3)]
    assert [row.record.balance for table in pages for row in table.paginated_rows] == [990_476, 990_176, 991_176]
