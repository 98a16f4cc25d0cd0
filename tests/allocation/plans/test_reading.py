"""A plan reads like the law: every value of a year stands in a sentence, with its number in place, and what is assumed is marked."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from allocation import plans
from allocation.labels import plan_in_words
from allocation.plans.assumed import FOR_BALANCE_VALUE, FOR_DETERMINATION, FOR_PRE_ALLOCATION, assumed

YEARS = [plan.for_year(year) for plan in plans.all_plans() for year in plan.years]
ENGLISH = {
    ("2024-2025-final", 2024): ["The determined quota of a line equals its verified emissions."],
    ("2024-2025-final", 2025): [
        "The determined quota of a line is its verified emissions × (1 + intensity coefficient).",
        "never above +3% nor below −3%",
        "lies between −20% and +20%",
        "is above 15% gets a quota equal",
        "receives 70% of its verified emissions",
        "base carry-over, steel 100,000 t",
        "At most 5% of the tonnes due",
    ],
    ("2024-2025-draft", 2025): ["base carry-over, steel 10,000 t", "has one base"],
    ("2026-draft", 2026): [
        "is above 30% gets",
        "emissions of 26,000 t or less",
        "at most 50% of",
        "these steps: pre-allocation, determination",
        "quota of these vintages: 2025, 2026",
    ],
}


def texts(terms):
    return [clause.text for _section, found in plan_in_words.clauses(terms) for clause in found]


@pytest.mark.parametrize("terms", YEARS, ids=lambda terms: f"{terms.plan.id} {terms.year}")
def test_every_value_of_the_year_is_said_in_a_sentence(terms):
    read = [clause for _section, found in plan_in_words.clauses(terms) for clause in found]
    said = {(parameter.id, value) for clause in read for parameter, value in clause.values}
    in_force = {(row.id, terms.find(name)) for name, row in terms.plan.parameters.items() if terms.find(name)}
    assert said == in_force
    written = {
        name for each in plan_in_words.SENTENCES if each.text(terms) is not None for name in each.said(terms).values()
    }
    assert {name for name, _value in in_force} == written  # none is left to be read as a bare name and value


@pytest.mark.parametrize(("of", "expected"), ENGLISH.items(), ids=lambda each: str(each)[:30])
def test_the_numbers_stand_in_their_places(of, expected):
    with override("en"):
        read = " ".join(texts(plans.load_plan(of[0]).for_year(of[1])))
    assert [each for each in expected if each not in read] == []


def test_it_reads_in_chinese_too():
    with override("zh-hans"):
        read = "".join(texts(plans.load_plan("2024-2025-final").for_year(2025)))
    assert "不高于+3%、不低于−3%" in read
    assert "核定配额＝经核查排放量×（1＋碳排放强度系数）" in read


def test_a_sentence_made_from_several_values_names_each_source_once():
    terms = plans.load_plan("2024-2025-final").for_year(2025)
    found = {
        name: clause
        for _s, rows in plan_in_words.clauses(terms)
        for clause in rows
        for name in [clause.values[0][0].id]
    }
    assert len(found["determination.cap"].sources) == 2
    assert len(found["carry_over.base.power"].sources) == 2  # power by another document than the three sectors
    assert not found["determination.cap"].assumed
    assert found["rounding.verified_emissions"].assumed


def test_each_sector_has_its_line_and_once_it_counts_its_intensity():
    plan = plans.load_plan("2024-2025-final")
    assert [len(plan_in_words.of_sectors(plan.for_year(year))) for year in (2024, 2025)] == [3, 6]


def test_what_is_assumed_is_what_the_plan_marks():
    terms = plans.load_plan("2024-2025-final").for_year(2025)
    named = [[row.id for row, _value in assumed(terms, of)] for of in (FOR_PRE_ALLOCATION, FOR_BALANCE_VALUE)]
    assert named[0] == ["deductions.order", "deductions.given_back"]
    assert "balance_value.places" in named[1]
    assert all(value.assumed for _row, value in assumed(terms, FOR_DETERMINATION))
    assert len(assumed(terms, FOR_DETERMINATION)) == len(named[0]) + len(named[1])


def test_the_pages_on_which_an_assumed_value_is_used_say_so(steel, publish, approved, client_for, approver, analyst):
    value = publish()
    run = approved()
    pages = {
        analyst: [reverse("allocation:balance_value", args=[value.pk])],
        approver: [
            reverse("allocation:run", args=[run.pk]),
            reverse("allocation:award", args=[run.awards.first().pk]),
            reverse("allocation:plan", args=[run.plan_id]),
        ],
    }
    for person, urls in pages.items():
        for url in urls:
            text = client_for(person, "en").get(url).content.decode()
            assert "No source consulted states" in text, url
