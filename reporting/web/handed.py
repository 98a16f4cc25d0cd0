"""What a month's page says of its being handed to the unit's approver, and what the approver or the clerk may do about it."""

from typing import Any

from django.utils.translation import gettext as _

from registry import access
from registry.access import SignedInRequest
from registry.permissions import Act
from registry.web.acting import may
from registry.web.buttons import link, press, to_correct
from registry.web.reasons import ToCorrectForm
from reporting.models import HandingOver, Package, Submission
from reporting.queries import handings

__all__ = ["context"]


def context(
    request: SignedInRequest, package: Package, submission: Submission | None, form: ToCorrectForm | None
) -> dict[str, Any]:
    """`handing`, the form for sending it back, and the buttons; nothing on a version that isn't current or for whoever sees no drafts."""
    current = submission is not None and submission.pk == package.submission_id
    if not current or not access.may(request.user, Act.VIEW_DRAFT):
        return {}
    handing = handings.of_package(package)
    if handing is None or handing.state != HandingOver.State.OPEN:
        return {"handing": handing}
    if handing.by_id != request.user.pk and may(request.user, Act.CONFIRM_PACKAGE, handing):
        confirming = link(_("Confirm and submit"), "reporting:handing_confirm", handing.pk, tone="primary")
        title = _("Send the month back to the clerk")
        asked = to_correct(request, title, "reporting:handing_send_back", handing.pk, form=form)
        return {"handing": handing, "asked": [asked], "handing_buttons": [confirming]}
    taking = press(_("Take it back"), "reporting:handing_take_back", handing.pk, tone="outline-primary")
    allowed = may(request.user, Act.SUBMIT_PACKAGE, handing)
    return {"handing": handing, "handing_buttons": [taking] if allowed else []}
