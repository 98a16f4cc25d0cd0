"""Zips of workbooks to send, and the two units that they are about."""

import io
import zipfile

import pytest

from registry.law import clock
from registry.people import mandates
from registry.permissions.roles import Role
from reporting.filing import bulk
from reporting.models import BulkUpload, Package
from tests.cast import at
from tests.reporting import story

NOW = at("2025-11-20 09:00")
State = Package.State


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            made.writestr(name, data)
    return buffer.getvalue()


def months(unit, *numbers: int) -> list[tuple[str, bytes]]:
    return [(f"{number}月.xlsx", story.book(unit, f"2025-{number:02}")) for number in numbers]


@pytest.fixture
def send(clerk, process):
    def make(*members: tuple[str, bytes]) -> BulkUpload:
        return bulk.receive(zipped(*members), "集团.zip", by=clerk, at=NOW)

    return make


@pytest.fixture
def holder(make_person, unit, clerk, rival_unit, make_line):
    """甲's clerk, for whose unit 乙 has given a mandate to upload and submit."""
    story.electrolysis(rival_unit, make_line)
    theirs = make_person(Role.UNIT_APPROVER, "乙企业审批人", unit=rival_unit)
    ours = make_person(Role.UNIT_APPROVER, "甲企业审批人", unit=unit)
    days = {"since": NOW.date(), "until": NOW.date()}
    mandate = mandates.offer(unit, may_submit=True, **days, by=theirs, at=NOW)
    mandates.accept(mandate, by=ours, at=NOW)
    return mandate


def outcomes(sent: BulkUpload) -> dict[str, str]:
    return {item.name: item.kind for item in sent.items.all()}


class Killed(BaseException):
    """What a worker that is killed leaves behind: nothing is caught."""
