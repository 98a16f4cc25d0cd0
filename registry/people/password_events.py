"""What the journal says of passwords: that one was changed, and that somebody tried wrong ones until signing in was paused."""

import datetime as dt

from django.db import transaction

from registry import journal
from registry.models import JournalEntry, Person

__all__ = ["changed", "locked_out"]


@transaction.atomic
def changed(person: Person, *, at: dt.datetime) -> None:
    """The person has chosen a new password; every other session of theirs is signed out by it."""
    journal.record("person.password_changed", person, by=person, at=at)


@transaction.atomic
def locked_out(username: str, *, at: dt.datetime, pause: dt.timedelta) -> None:
    """Signing in to an account is paused after wrong passwords; told once for each pause. A name that nobody has concerns nobody."""
    person = Person.objects.select_for_update(of=("self",)).filter(username=username).first()
    if person is None:
        return
    since = JournalEntry.objects.filter(act="person.locked_out", subject_id=str(person.pk), at__gt=at - pause)
    if not since.exists():
        journal.record("person.locked_out", person, by=None, at=at)
