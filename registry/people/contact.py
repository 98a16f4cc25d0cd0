"""How a person can be reached, as they enter it themselves."""

import datetime as dt

from django.db import transaction

from registry import journal
from registry.models import Person

__all__ = ["choose_phone"]


@transaction.atomic
def choose_phone(person: Person, phone: str, *, at: dt.datetime) -> Person:
    """They enter their telephone number, or take it out."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.phone != phone:
        person.phone = phone
        person.save(update_fields=["phone"])
        # Not the number: the journal is read by others, and kept.
        journal.record("person.phone_changed", person, by=person, at=at, given=bool(phone))
    return person
