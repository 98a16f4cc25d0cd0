"""Seats: somebody is proposed for one or to lose it, and a second person decides; the platform's operator does both at once.

A person who was added has no password. Whoever approved hands over a link by which the person chooses the first one; it works once,
for as long as settings.PASSWORD_RESET_TIMEOUT, and never for somebody who has a password.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from registry import journal, two_people
from registry.access import acting
from registry.database import locking
from registry.models import Authority, Person, SeatChange, Unit, VerifierBody
from registry.notifications import events as telling
from registry.permissions import Act
from registry.permissions.roles import PROVINCIAL_ROLES, UNIT_ROLES, Role
from registry.refusal import Refusal
from registry.values.bilingual import listed

__all__ = [
    "Seat",
    "against",
    "against_place",
    "approve",
    "create",
    "end",
    "invite",
    "left_empty",
    "link_days",
    "link_of",
    "propose",
    "propose_end",
    "refuse",
    "withdraw",
]

_Kind, _State = SeatChange.Kind, SeatChange.State


@dataclass(frozen=True, slots=True)
class Seat:
    """Whom a seat is for: the person's particulars, the role, and the unit, authority or body that the role sits in."""

    username: str
    name: str
    role: str
    unit: Unit | None = None
    authority: Authority | None = None
    body: VerifierBody | None = None
    email: str = ""


def against(seat: Seat) -> str:
    """Why nobody can be given this seat, one sentence for each cause; "" where nothing speaks against it."""
    if why := against_place(seat):
        return why
    if Person.objects.filter(username=seat.username).exists():
        return _("The user name “%(username)s” is taken: choose another.") % {"username": seat.username}
    try:
        Person(username=seat.username, name=seat.name, role=seat.role, email=seat.email).clean_fields(
            exclude=["password"]
        )
    except ValidationError as error:
        return " ".join(f"{name}: {' '.join(told)}" for name, told in error.message_dict.items())
    return ""


def against_place(seat: Seat) -> str:
    """Why the role doesn't sit where the seat says; "" where it does."""
    said = {"role": Role(seat.role).label}
    needs, given = _place_of(seat.role), [place for place in (seat.unit, seat.authority, seat.body) if place]
    if needs is not None and not any(isinstance(place, needs) for place in given):
        return _needs(needs) % said
    if any(needs is None or not isinstance(place, needs) for place in given):
        return _("The role “%(role)s” does not sit in “%(place)s”.") % {**said, "place": listed(given)}
    return ""


def _place_of(role: str) -> type[Unit] | type[Authority] | type[VerifierBody] | None:
    if role in UNIT_ROLES:
        return Unit
    if role in PROVINCIAL_ROLES:
        return Authority
    return VerifierBody if role == Role.VERIFIER else None


def _needs(place: type[Unit] | type[Authority] | type[VerifierBody]) -> str:
    if place is Unit:
        return _("The role “%(role)s” needs a unit: give its credit code.")
    if place is Authority:
        return _("The role “%(role)s” needs an authority: give its six-digit code.")
    return _("The role “%(role)s” needs a technical service body: give its code.")


@acting(Act.PROPOSE_PERSON)
@transaction.atomic
def propose(seats: Iterable[Seat], *, by: Person, at: dt.datetime) -> list[SeatChange]:
    """Propose that people are given seats, all or none; of the own authority and its units, or of the whole country."""
    made = []
    for seat in seats:
        if why := (against(seat) or _out_of_reach(seat, by)):
            raise Refusal(why)
        if SeatChange.objects.filter(username=seat.username, kind=_Kind.ADD, state=_State.PROPOSED).exists():
            raise Refusal(_("The user name “%(username)s” is proposed already.") % {"username": seat.username})
        places = {"unit": seat.unit, "authority": seat.authority, "body": seat.body}
        said = {"username": seat.username, "name": seat.name, "role": seat.role, "email": seat.email}
        change = SeatChange.objects.create(kind=_Kind.ADD, **said, **places, proposed_by=by, proposed_at=at)
        journal.record("person.proposed", change, by=by, at=at, role=seat.role)
        made.append(change)
    return made


def _out_of_reach(seat: Seat, by: Person) -> str:
    if by.authority_id is None:
        return ""
    own = seat.authority.pk if seat.authority else seat.unit.authority_id if seat.unit else None
    return "" if own == by.authority_id else _("You can only propose people of your authority and of its units.")


@acting(Act.PROPOSE_PERSON)
@transaction.atomic
def propose_end(person: Person, *, reason: str, by: Person, at: dt.datetime) -> SeatChange:
    """Propose that a person's access ends."""
    reason = two_people.reason_of(reason)
    locking.hold(Person, pk=person.pk)
    person.refresh_from_db()
    if not person.is_active:
        raise Refusal(_("%(name)s can no longer sign in.") % {"name": person.name})
    if SeatChange.objects.filter(person=person, kind=_Kind.RETIRE, state=_State.PROPOSED).exists():
        raise Refusal(_("The end of access is proposed already."))
    said = {"username": person.username, "name": person.name, "role": person.role, "email": person.email}
    places = {"unit": person.unit, "authority": person.authority, "body": person.body}
    change = SeatChange.objects.create(
        kind=_Kind.RETIRE, person=person, reason=reason, **said, **places, proposed_by=by, proposed_at=at
    )
    journal.record("person.end_proposed", change, by=by, at=at, role=person.role, reason=reason)
    return change


@acting(Act.APPROVE_PERSON)
@transaction.atomic
def approve(changes: Sequence[SeatChange], *, by: Person, at: dt.datetime) -> list[Person]:
    """A second person approves, all or none: people are added, or their access ends."""
    people = []
    for each in changes:
        change = locking.in_state(SeatChange.objects.select_related("person", "proposed_by"), each, _State.PROPOSED)
        two_people.refuse_same(by, change.proposed_by_id)
        if change.person is not None and change.person.pk == by.pk:
            raise Refusal(_("Somebody else decides on your own seat."))
        if change.person is None:
            seat = Seat(
                change.username, change.name, change.role, change.unit, change.authority, change.body, change.email
            )
            change.person = create(seat, by=by, at=at)
        else:
            end(change.person, reason=change.reason, by=by, at=at)
        change.mark_approved(by, at)
        change.save(update_fields=["person"])
        _tell(change, at, approved=True)
        people.append(change.person)
    return people


@acting(Act.APPROVE_PERSON)
@transaction.atomic
def refuse(changes: Sequence[SeatChange], *, reason: str, by: Person, at: dt.datetime) -> list[SeatChange]:
    """A second person refuses, with a reason."""
    reason, done = two_people.reason_of(reason), []
    for each in changes:
        change = locking.in_state(SeatChange.objects.select_related("proposed_by"), each, _State.PROPOSED)
        two_people.refuse_same(by, change.proposed_by_id)
        change.mark_refused(reason, by, at)
        _tell(change, at, approved=False)
        journal.record("person.refused", change, by=by, at=at, reason=reason)
        done.append(change)
    return done


@acting(Act.PROPOSE_PERSON)
@transaction.atomic
def withdraw(changes: Sequence[SeatChange], *, reason: str, by: Person, at: dt.datetime) -> list[SeatChange]:
    """Whoever proposed takes it back."""
    reason, done = two_people.reason_of(reason), []
    for each in changes:
        change = locking.in_state(SeatChange.objects.all(), each, _State.PROPOSED)
        two_people.refuse_other(by, change.proposed_by_id)
        change.mark_refused(reason, by, at)
        journal.record("person.withdrawn", change, by=by, at=at, reason=reason)
        done.append(change)
    return done


def create(seat: Seat, *, by: Person | None, at: dt.datetime, password: str = "") -> Person:
    """The person in the seat, within the transaction of whoever may; without a password until the person has chosen one."""
    if why := against(seat):
        raise Refusal(why)
    places = {"unit": seat.unit, "authority": seat.authority, "body": seat.body}
    person = Person(username=seat.username, name=seat.name, role=seat.role, email=seat.email, **places)
    person.set_password(password or None)
    person.save()
    journal.record("person.added", person, by=by, at=at, role=person.role)
    return person


def end(person: Person, *, reason: str, by: Person | None, at: dt.datetime) -> None:
    """The person can't sign in any more; what they did stays theirs. Within the transaction of whoever may."""
    found = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not found.is_active:
        raise Refusal(_("%(name)s can no longer sign in.") % {"name": found.name})
    found.is_active = False
    found.save(update_fields=["is_active"])
    journal.record("person.retired", found, by=by, at=at, reason=reason)


@acting(Act.APPROVE_PERSON)
@transaction.atomic
def invite(person: Person, *, by: Person, at: dt.datetime) -> str:
    """The address under which the person chooses the first password."""
    if person.has_usable_password() or not person.is_active:
        raise Refusal(_("%(name)s has chosen a password already, or can no longer sign in.") % {"name": person.name})
    journal.record("person.invited", person, by=by, at=at)
    return link_of(person)


def link_of(person: Person) -> str:
    """The path of the page on which the person chooses the first password."""
    key = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("first_password", args=[key, default_token_generator.make_token(person)])


def link_days() -> int:
    """For how many days such a link works."""
    return int(settings.PASSWORD_RESET_TIMEOUT) // 86_400


def left_empty(person: Person) -> bool:
    """Whether nobody of the role would be left for the person's unit, authority or body."""
    others = Person.objects.filter(role=person.role, is_active=True).exclude(pk=person.pk)
    return not others.filter(unit=person.unit_id, authority=person.authority_id, body=person.body_id).exists()


def _tell(change: SeatChange, at: dt.datetime, *, approved: bool) -> None:
    act = "person.proposed" if change.kind == _Kind.ADD else "person.end_proposed"
    link = reverse("registry:people")
    telling.proposal_decided(change.proposed_by, change, act, change.name, link, at, approved=approved)
