"""What the registry's own acts are about to do: the pages before them (registry.web.confirming)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.access import SignedInRequest
from registry.models import ApiToken, FilingMandate
from registry.values.figures import day, instant
from registry.web.confirming import Consequence, Consequential

__all__ = ["ACCEPTANCE", "ENDING", "REVOCATION"]

State = FilingMandate.State


def _mandate(row: FilingMandate) -> list[tuple[str, object]]:
    return [
        (_("Given by"), row.unit),
        (_("Held by"), row.holder_unit),
        (_("From … to"), f"{day(row.since)} – {day(row.until)}"),
        (_("May submit"), _("yes") if row.may_submit else _("no, only upload and answer")),
    ]


def _accepting(_request: SignedInRequest, row: FilingMandate) -> Consequence:
    return Consequence(
        _("You are about to accept the mandate of %(unit)s") % {"unit": row.unit},
        _("Accept the mandate"),
        facts=_mandate(row),
        touches=[
            _("Your clerks see and file the months of %(unit)s; what they file is that unit's.") % {"unit": row.unit}
        ],
        final=_("What was filed under it stays filed. The mandate itself can be ended at any time."),
    )


def _ending(_request: SignedInRequest, row: FilingMandate) -> Consequence:
    return Consequence(
        _("You are about to end the mandate between %(unit)s and %(holder)s")
        % {"unit": row.unit, "holder": row.holder_unit},
        _("End the mandate"),
        facts=_mandate(row),
        touches=[
            _("The clerks of %(holder)s see nothing of %(unit)s any more")
            % {"unit": row.unit, "holder": row.holder_unit}
        ],
        final=_("An ended mandate can't be revived: a new one has to be offered and accepted."),
        tone="danger",
    )


def _revoking(_request: SignedInRequest, row: ApiToken) -> Consequence:
    return Consequence(
        _("You are about to revoke the access token “%(name)s”") % {"name": row.name},
        _("Revoke the token"),
        facts=[
            (_("Begins with"), row.prefix),
            (_("Acts as"), row.person),
            (_("Valid until"), instant(row.expires_at)),
        ],
        touches=[_("Every system of the unit that uses this token is refused from this moment on.")],
        final=_("A revoked token can't be used again: a new one has to be granted."),
        tone="danger",
    )


def _mandates(_row: FilingMandate) -> str:
    return reverse("registry:mandates")


ACCEPTANCE = Consequential(
    _accepting,
    ["mandate.accepted"],
    [State.OFFERED],
    page=_mandates,
    then=gettext_lazy("Your clerks find the other unit's months among their own."),
)
ENDING = Consequential(
    _ending,
    ["mandate.ended"],
    [State.OFFERED, State.ACCEPTED],
    page=_mandates,
    then=gettext_lazy("The other unit sees that the mandate has ended."),
)
REVOCATION = Consequential(
    _revoking,
    ["token.revoked"],
    page=lambda _row: reverse("registry:tokens"),
    then=gettext_lazy("Grant another token to the systems that are to go on."),
)
