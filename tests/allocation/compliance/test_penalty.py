"""What a breach costs is dated law: the article in force on the deadline, shown where tonnes are missing."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override

from allocation.compliance import penalties
from tests.cast import at

BEFORE, SINCE = dt.date(2026, 8, 7), dt.date(2026, 8, 8)
DEADLINE = dt.date(2026, 12, 31)


def texts(clauses):
    return [clause.text for clause in clauses]


def test_article_24_until_7_august_2026():
    with override("en"):
        said = texts(penalties.of_missing(BEFORE))
    assert said == [
        "Not surrendering in full: the unit is ordered to correct it",
        "A fine of 5–10 times the average market price of the month before the deadline, for each tonne missing",
        "Refusing: the next year's quota is cut by the same tonnes",
    ]
    assert penalties.of_missing(dt.date(2025, 12, 31)) != []
    assert penalties.of_missing(dt.date(2024, 4, 30)) == []  # the regulations were not in force


def test_article_24_as_amended_is_in_force_for_the_deadline_of_31_december_2026():
    with override("en"):
        said = texts(penalties.of_missing(SINCE))
        assert said == texts(penalties.of_missing(DEADLINE))
    assert said == [
        "Not surrendering in full: the unit is ordered to correct it within a set term",
        "Together with the order, a fine of 1,000,000–5,000,000 yuan",
        "Still not surrendered within that term: a fine of 5–10 times the average market price of the month before the deadline, "
        "for each tonne missing",
        "Still not surrendered within that term: production may be stopped",
    ]
    assert not any("cut" in one for one in said)  # no quota cut is named any more


# The table of the rules (market.md, law): article → the numbers that its consequences hold, in their order.
TABLE = {
    "21": [(50_000, 500_000)],
    "22": [(5, 10), (500_000, 2_000_000), (50_000, 200_000), (50, 100)],
    "23": [(200_000, 1_000_000), (5, 10), (20_000, 100_000), (20_000, 200_000), (5,)],
    "26": [(20_000, 200_000)],
    "27": [],
}


@pytest.mark.parametrize("day", [BEFORE, SINCE])
def test_the_other_articles_are_those_of_the_rules(day):
    found = dict(penalties.articles(day))
    assert list(found) == ["21", "22", "23", "24", "26", "27"]
    for article, numbers in TABLE.items():
        values = [clause.values[0][1].value for clause in found[article]]
        assert [value if isinstance(value, tuple) else (value,) for value in values if value is not True] == numbers
    lifetime = [clause for clause in found["23"] if clause.values[0][0].id.endswith("lifetime_ban")]
    assert bool(lifetime) == (day == SINCE)


def test_every_consequence_names_its_article_and_reads_in_both_languages():
    for day in (BEFORE, SINCE):
        for article, clauses in penalties.articles(day):
            for clause in clauses:
                assert f"art. {article}" in clause.sources[0].cite
                assert "{" not in clause.text
    with override("zh-hans"):
        said = [one for _article, clauses in penalties.articles(SINCE) for one in texts(clauses)]
    assert not any(re.search("[A-Za-z]", one) for one in said)
    assert "并处100万元以上500万元以下罚款" in said


def test_no_amount_stands_in_the_code():
    source = Path(penalties.__file__).read_text(encoding="utf-8")
    assert re.findall(r"\d[\d_]{3,}", source) == []


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-20", "Consequences if the 1,000,000 t still due are not surrendered by 2026-12-31"),
        ("2027-01-05", "Consequences: 1,000,000 t were not surrendered by 2026-12-31"),
    ],
)
def test_the_quota_page_says_what_a_miss_costs(noticed, unit, clerk, officer, client_for, monkeypatch, day, said):
    monkeypatch.setattr("registry.law.clock.now", lambda: at(f"{day} 09:00"))
    for person in (clerk, officer):
        page = client_for(person, "en").get(reverse("allocation:quota_of", args=[unit.pk])).text
        assert said in page
        assert "Together with the order, a fine of 1,000,000–5,000,000 yuan" in page
        assert "art. 24" in page


def test_the_page_of_all_consequences_holds_for_a_day(client_for, officer):
    page = client_for(officer, "en").get(reverse("allocation:consequences"), {"as_of": "2026-08-07"}).text
    assert "Refusing: the next year&#x27;s quota is cut by the same tonnes" in page
    page = client_for(officer, "en").get(reverse("allocation:consequences"), {"as_of": "2026-08-08"}).text
    assert "the next year&#x27;s quota is cut by the same tonnes" not in page
