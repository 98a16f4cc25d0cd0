"""What a person was told: their list, opening one, and whether e-mails bring it to them."""

from django.core.paginator import Page
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from registry import access, notifications
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Notification
from registry.permissions import Act
from registry.web import paging
from registry.web.acting import act_on, done, form_here
from registry.web.export import Cell
from registry.web.forms.notifications import MailForm
from registry.web.listing import list_page, rows_taken


@list_page(Act.VIEW_NOTIFICATION)
def notifications_list(request: SignedInRequest) -> HttpResponseBase:
    """Everything that they were told, the latest first."""
    told = Notification.objects.filter(person=request.user)
    head = [_("When"), _("Message"), pgettext("a message", "Read"), _("Address")]
    if taken := rows_taken(request, "messages", _("Messages"), head, map(_cells, paging.settled(told).iterator())):
        return taken
    page: Page[Notification] = paging.page_of(request, told)
    newest = notifications.unread(request.user).order_by("-pk").values_list("pk", flat=True).first()
    rows = [(one, notifications.text(one)) for one in page.object_list]
    return render(request, "registry/notifications.html", {"page": page, "rows": rows, "newest": newest})


def _cells(one: Notification) -> list[Cell]:
    read = timezone.localtime(one.read_at).isoformat(timespec="seconds") if one.read_at else None
    return [timezone.localtime(one.at).isoformat(timespec="seconds"), notifications.text(one), read, one.link]


@act_on(Act.VIEW_NOTIFICATION, Notification)
def open_one(_request: SignedInRequest, found: Notification) -> HttpResponse:
    """Go where a message leads; from now on it is read."""
    notifications.mark_read(found, at=clock.now())
    return redirect(found.link)


@access.page(Act.VIEW_NOTIFICATION)
@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    """Mark as read what the page showed, not what came in since."""
    until = request.POST.get("until", "")
    if until.isdecimal() and len(until) < 19:
        notifications.mark_all_read(request.user, until=int(until), at=clock.now())
    return redirect("registry:notifications")


@access.page(Act.VIEW_NOTIFICATION)
def mail(request: SignedInRequest) -> HttpResponse:
    """Whether, where and in which language e-mails come."""
    person = request.user
    initial = {"wanted": person.wants_mail, "address": person.email, "language": person.mail_language}
    form = form_here(MailForm, request, initial)
    if request.method == "POST" and form.is_valid():
        notifications.choose_mail(person, **form.cleaned_data, at=clock.now())
        return done(request, _("Saved."), "registry:notifications")
    return render(request, "registry/notification_mail.html", {"form": form}, status=422 if form.is_bound else 200)
