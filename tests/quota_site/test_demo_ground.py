"""Which databases the demonstration takes: an empty one, or one that it made itself."""

import json

import pytest
from django.core.management import CommandError, call_command

from quota_site.demo.build import PRESENT
from quota_site.demo.running import ground
from registry.law import clock
from registry.models import Person
from registry.permissions.roles import Role


@pytest.fixture
def mark(settings, tmp_path):
    settings.DEMO_FILE = tmp_path / "demo.json"
    return settings.DEMO_FILE


def test_a_database_with_units_of_others_is_refused(db, mark, make_unit):
    make_unit()
    ground.mark()
    with pytest.raises(ground.ForeignDatabaseError):
        ground.refuse_foreign()


def test_a_database_with_people_and_no_mark_is_refused_with_exit_code_2(db, mark, make_person):
    make_person(Role.AUDITOR, "审计")
    with pytest.raises(CommandError) as refused:
        call_command("demo", no_serve=True)
    assert refused.value.returncode == 2
    assert Person.objects.count() == 1


def test_a_mark_of_another_database_is_none(db, mark, make_person):
    make_person(Role.AUDITOR, "审计")
    ground.mark()
    mark.write_text(json.dumps(json.loads(mark.read_text()) | {"database": "elsewhere"}))
    with pytest.raises(ground.ForeignDatabaseError):
        ground.refuse_foreign()


def test_an_empty_or_marked_database_is_taken(db, mark, make_person):
    ground.refuse_foreign()
    make_person(Role.AUDITOR, "审计")
    ground.mark()
    ground.refuse_foreign()


def test_the_mark_sets_the_countrys_clock(db, mark, settings):
    settings.CLOCK_OFFSET_SECONDS = 0
    ground.mark(PRESENT)
    assert abs((clock.now() - PRESENT).total_seconds()) < 60
    assert json.loads(mark.read_text())["clock_offset_seconds"] == settings.CLOCK_OFFSET_SECONDS
