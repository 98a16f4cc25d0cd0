"""The conditions of voluntary reductions (CCER): from the plan, kept with the notice, read on the paper."""

from dataclasses import replace

import pytest
from django.db import connection
from django.urls import reverse

from allocation.models import Notice
from allocation.plans import ccer
from registry.journal.seals.content import digests
from registry.journal.seals.table import bound
from tests.database import without_triggers


def test_they_are_those_of_the_plan_from_the_year_2025_on():
    # allocation.md §5: from the 2025 year, registered after 2024-01-22, not from projects inside covered units, at most 5 %
    found = ccer.conditions("steel", 2025)
    assert found is not None
    assert (found["share"], found["registered_after"], found["from_covered_units"]) == ("0.05", "2024-01-22", False)
    assert ccer.conditions("steel", 2024) is None


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("不超过应清缴配额的5%", "2024年1月22日后登记", "不得来自纳入全国碳排放权交易市场的单位")),
        ("en", ("At most 5% of the tonnes due", "after 22 January 2024", "inside units covered")),
    ],
)
def test_the_notice_names_them(noticed, client_for, clerk, language, words):
    page = client_for(clerk, language).get(reverse("allocation:notice", args=[noticed[0].pk])).content.decode()
    assert [word for word in words if word not in page] == []


def test_a_notice_of_before_reads_and_is_sealed_as_it_was(noticed, client_for, clerk):
    """One that names no conditions has them in neither its paper nor its seal."""
    notice = noticed[0]
    with without_triggers(connection):
        Notice.objects.filter(pk=notice.pk).update(ccer=None)
    page = client_for(clerk, "en").get(reverse("allocation:notice", args=[notice.pk])).content.decode()
    assert "CCER" not in page
    paper = bound()["allocation.notice"]
    assert digests(paper, [notice.pk]) == digests(replace(paper, but=("ccer",)), [notice.pk])
