"""Sending a year's compliance notices: who is told what they owe."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allocation.compliance import notices
from allocation.models import Notice
from allocation.web.forms.years import YearForm
from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.models import Authority
from registry.refusal import Refusal
from registry.values.figures import tonnes
from registry.web.confirming import Change, Consequence, Consequential

__all__ = ["SENDING", "year_of"]


def year_of(request: SignedInRequest) -> int:
    """The year whose notices are to be sent; raises where none was chosen."""
    form = YearForm(request.POST or request.GET)
    if not form.is_valid():
        raise Refusal(_("Choose the year whose notices are to be sent."))
    return int(form.cleaned_data["year"])


def _sending(request: SignedInRequest, authority: Authority) -> Consequence:
    year = year_of(request)
    found = notices.outstanding(authority, year, clock.today())
    ready = [each for each in found if each.is_ready]
    if not ready:
        raise Refusal(
            _("No unit is ready for a notice: all its determinations must be approved, and no notice sent yet.")
        )
    sent = Notice.objects.filter(unit__authority=authority, year=year).count()
    due, waiting = sum(each.due for each in ready), len(found) - len(ready)
    title = ngettext(
        "You are about to send %(count)s compliance notice for %(year)s",
        "You are about to send %(count)s compliance notices for %(year)s",
        len(ready),
    )
    later = ngettext(
        "%(count)s unit still waits for a determination and gets its notice later.",
        "%(count)s units still wait for a determination and get their notices later.",
        waiting,
    )
    return Consequence(
        title % {"count": len(ready), "year": year},
        _("Send the notices"),
        facts=[
            (_("Authority"), authority),
            (_("Tonnes due"), _("%(tonnes)s t") % {"tonnes": tonnes(due)}),
        ],
        changes=[Change(_("Notices sent"), sent, sent + len(ready))],
        touches=[f"{each.unit}: {_('%(tonnes)s t') % {'tonnes': tonnes(each.due)}}" for each in ready],
        warnings=[later % {"count": waiting}] if waiting else [],
        final=_("A notice is never changed; what changes later is told by an adjustment notice."),
        by=calendar.yearly_deadline("surrender", year),
        fields={"year": str(year)},
    )


SENDING = Consequential(
    _sending,
    ["notices.sent"],
    page=lambda _row: reverse("allocation:notices"),
    then=gettext_lazy("The units find the notices and surrender what is due."),
)
