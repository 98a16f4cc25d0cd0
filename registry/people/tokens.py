"""Access tokens of a unit's systems: granted by its approver for its clerk, found by their hash, ended by either."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from registry import journal
from registry.access import acting
from registry.database import locking
from registry.models import ApiToken, ApiTokenRevocation, ApiTokenUse, Person, Unit
from registry.permissions import Act
from registry.permissions.roles import Role
from registry.refusal import Refusal

__all__ = ["LONGEST", "find", "grant", "in_force", "note_use", "revoke"]

LONGEST = dt.timedelta(days=366)
SECRET_BYTES = 32
_MARK = "qt_"  # so that scanners of source code and logs can tell what they have found
_SHOWN = 10
_USE_NOTED_EVERY = dt.timedelta(hours=1)


@acting(Act.GRANT_TOKEN, about=None)
@transaction.atomic
def grant(
    person: Person, name: str, scopes: Iterable[str], *, expires_at: dt.datetime, by: Person, at: dt.datetime
) -> tuple[ApiToken, str]:
    """A new token with which a program acts as `person`, and its secret, which is kept nowhere and told only now."""
    if by.unit is None:
        raise Refusal(_("Only an enterprise's approver grants access tokens."))
    unit = locking.hold(Unit, pk=by.unit.pk)
    wanted = sorted(set(scopes) & set(ApiToken.Scope.values))
    _refuse_bad(person, unit, name.strip(), wanted, expires_at, at)
    secret = _MARK + secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken.objects.create(
        unit=unit,
        person=person,
        name=name.strip(),
        prefix=secret[:_SHOWN],
        sha256=_hash(secret),
        scopes=" ".join(wanted),
        granted_by=by,
        granted_at=at,
        expires_at=expires_at,
    )
    ApiTokenUse.objects.create(token=token)
    journal.record(
        "token.granted",
        token,
        by=by,
        at=at,
        name=token.name,
        prefix=token.prefix,
        scopes=wanted,
        person=person.pk,
        expires=expires_at.isoformat(),
    )
    return token, secret


@acting(Act.REVOKE_TOKEN)
@transaction.atomic
def revoke(token: ApiToken, *, by: Person, at: dt.datetime) -> ApiToken:
    """End a token at once."""
    token = ApiToken.objects.select_for_update().select_related("unit").get(pk=token.pk)
    if ApiTokenRevocation.objects.filter(token=token).exists():
        raise Refusal(_("This token has already been revoked."))
    ApiTokenRevocation.objects.create(token=token, by=by, at=at)
    journal.record("token.revoked", token, by=by, at=at, name=token.name, prefix=token.prefix)
    return token


def in_force(at: dt.datetime) -> QuerySet[ApiToken]:
    """The tokens that open something at the instant: not expired, not revoked, their person still a clerk of the same unit."""
    return ApiToken.objects.filter(
        expires_at__gt=at,
        revocation__isnull=True,
        person__is_active=True,
        person__role=Role.UNIT_CLERK,
        person__unit=F("unit"),
    )


def find(secret: str, at: dt.datetime) -> ApiToken | None:
    """The token in force with this secret. One question by the hash: how long it takes tells nothing about any secret."""
    rows = in_force(at).select_related("unit__authority", "person__unit__authority", "use")
    return rows.filter(sha256=_hash(secret)).first()


def note_use(token: ApiToken, at: dt.datetime) -> None:
    """Remember that the token was used; written once an hour at most."""
    last = token.use.last_used_at
    if last is None or at - last >= _USE_NOTED_EVERY:
        ApiTokenUse.objects.filter(token=token).update(last_used_at=at)


def _refuse_bad(
    person: Person, unit: Unit, name: str, scopes: list[str], expires_at: dt.datetime, at: dt.datetime
) -> None:
    if person.unit_id != unit.pk or person.role != Role.UNIT_CLERK or not person.is_active:
        raise Refusal(_("A token acts for a clerk of your own unit: choose one."))
    if not name or not scopes:
        raise Refusal(_("A token needs a name and at least one permission."))
    if not at < expires_at <= at + LONGEST:
        raise Refusal(_("A token ends within a year: choose a day between tomorrow and then."))
    if in_force(at).filter(unit=unit, name=name).exists():
        raise Refusal(_("A token with this name already exists: revoke it, or choose another name."))


def _hash(secret: str) -> str:
    """Of a random secret of 32 bytes, which nobody can try through, a plain sha256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
