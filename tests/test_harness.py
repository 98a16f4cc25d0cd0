"""The harness itself: what other tests rely on without saying so."""

import pytest
from django.db import IntegrityError, connection, transaction

from registry import journal
from registry.files import originals
from registry.models import Authority, Job, JournalEntry, JournalHead
from reporting.models import Upload
from tests.cast import at
from tests.reporting.conftest import *  # noqa: F403 (its fixtures)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_a_flush_leaves_what_the_migrations_wrote_and_the_protection(round_, unit, officer):
    """The second round runs on the database that the first one's flush left behind."""
    assert Authority.objects.count() == 32  # 31 provinces and the Corps
    assert JournalHead.objects.get(pk=1).sequence == 0
    assert not Job.objects.exists()
    journal.record("test.act", unit, by=officer, at=at("2026-03-01 09:00"))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        JournalEntry.objects.all().delete()


@pytest.mark.parametrize("round_", [1, 2])
def test_each_test_has_its_world_to_itself(round_, report, unit, clerk, officer, settings):
    """The second round finds nothing of what the first one does to rows, files, journal and objects."""
    assert (report.unit, clerk.unit, unit.name) == (unit, unit, "甲示例冶金建材有限公司")
    assert list(journal.verify()) == []
    assert JournalHead.objects.get().sequence == JournalEntry.objects.count()
    uploads = list(Upload.objects.values_list("sha256", flat=True))
    assert len(uploads) == 12
    for digest in uploads:
        assert originals.read(digest)
    unit.name = "换了名称"
    unit.save()
    journal.record("test.act", unit, by=officer, at=at("2026-05-01 09:00"))
    for file in settings.MEDIA_ROOT.rglob("*"):
        if file.is_file():
            file.write_bytes(b"spoilt")


def test_the_clerk_of_the_cast_can_sign_in(client_for, clerk, db):
    response = client_for(clerk).get("/health/")
    assert response.json() == {"status": "ok"}


def test_the_database_is_the_one_that_was_asked_for(db):
    assert connection.vendor in ("sqlite", "postgresql")
