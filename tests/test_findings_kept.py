"""What a verifier has found, and what the province wrote to it, on every page of everybody, before the unit is told and after."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from registry.access import journal_entries
from registry.permissions import MATRIX
from registry.values.sectors import Sector
from reporting import verification
from reporting.models import AnnualReport, ReportContent, ReportedDatum, Verification
from tests.access_world import *  # noqa: F403 (its fixtures)
from tests.addresses import URLS, act_of, address
from tests.cast import at

WHEN = at("2026-11-05 10:00")
VALUE, SHOWN = Decimal("203417.29"), ("203417.29", "203,417.29")
REASON, NOTE = "地磅单据与销售台账不一致", "更正依据不足请补充校准记录"
KEPT_FROM = ["clerk", "unit_approver", "registrar_operator", "registrar_approver"]
SHOWN_TO = ["verifier", "officer", "approver", "analyst", "ministry_approver", "auditor"]


@pytest.fixture
def under_way(world, clerk, unit_approver, officer, approver, verifier, verifier_body) -> Verification:
    """甲's electrolysis, corrected by the verifier, sent back once by the province; it is what the world's pages are about."""
    scope = {"unit": world.unit, "sector": Sector.ALUMINIUM, "year": 2025}
    said = {"due": dt.date(2026, 3, 31), "emissions": 320_942, "prepared_by": clerk, "prepared_at": WHEN}
    filed = {"state": "filed", "filed_by": unit_approver, "filed_at": WHEN}
    AnnualReport.objects.filter(**scope).update(state="superseded")
    report = AnnualReport.objects.create(**scope, version=2, **said, **filed)
    ReportContent.objects.create(report=report, content="{}", sha256="0" * 64, guideline="")
    line = world.unit.lines.get(sector=Sector.ALUMINIUM)
    datum = ReportedDatum.objects.create(report=report, line=line, item="output", measure="t", value=Decimal(204_000))
    given = verification.assign_again(
        report, verifier_body, ground="recheck", reason="抽查通知书〔2026〕7号", by=officer, at=WHEN
    )
    verification.settle(given, datum, value=VALUE, reason=REASON, by=verifier, at=WHEN)
    verification.conclude(given, by=verifier, at=WHEN)
    verification.send_back(given, reason=NOTE, by=approver, at=WHEN)
    world.report, world.verification = report, Verification.objects.get(pk=given.pk)
    return world.verification


def said_on(client, path: str) -> list[str]:
    """What of the findings a page says."""
    response = client.get(path)
    text = b"".join(response.streaming_content) if response.streaming else response.content
    return [word for word in (*SHOWN, REASON, NOTE) if word.encode() in text]


@pytest.mark.parametrize("name", KEPT_FROM)
def test_no_page_tells_before_the_unit_is_told(world, under_way, request, client_for, name):
    person = request.getfixturevalue(name)
    client = client_for(person)
    client.raise_request_exception = False
    # What a role never does is refused before anything is looked at (tests/test_access_matrix.py).
    pages = ["/", *(address(route, world) for route in URLS if person.role in MATRIX[act_of(route)])]
    told = {path: said for path in pages if (said := said_on(client, path))}
    assert told == {}


@pytest.mark.parametrize("name", SHOWN_TO)
def test_those_whose_work_it_is_see_it(under_way, request, client_for, name):
    page = said_on(client_for(request.getfixturevalue(name)), reverse("reporting:verification", args=[under_way.pk]))
    # A form states the value as it is typed.
    assert page == ([SHOWN[0], REASON, NOTE] if name == "verifier" else [SHOWN[1], REASON, NOTE])


def test_the_journal_keeps_the_acts_back_from_the_registrar(under_way, registrar_operator, auditor):
    acts = {"verification.settled", "verification.returned"}
    assert not acts & set(journal_entries.readable(registrar_operator).values_list("act", flat=True))
    assert acts <= set(journal_entries.readable(auditor).values_list("act", flat=True))


def test_once_told_everybody_within_reach_sees_it(under_way, clerk, registrar_operator, approver, verifier, client_for):
    datum = under_way.report.data.get()
    verification.settle(under_way, datum, value=VALUE, reason=REASON, by=verifier, at=WHEN)
    Verification.objects.filter(pk=under_way.pk).update(
        state="approved", approved_by=approver, approved_at=WHEN, told_at=WHEN
    )
    for person in (clerk, registrar_operator):
        assert said_on(client_for(person), reverse("reporting:verification", args=[under_way.pk])) == [
            SHOWN[1],
            REASON,
            NOTE,
        ]
    assert "verification.settled" in set(journal_entries.readable(registrar_operator).values_list("act", flat=True))
