"""What a person was told: their list, opening one, and whether e-mails bring it to them."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry import access, notifications
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Notification
from registry.permissions import Act
from registry.web.acting import act_on, done, form_here
from registry.web.buttons import link, press
from registry.web.filters import MessageFilter
from registry.web.forms.notifications import MailForm
from registry.web.listing import list_page, listed
from registry.web.tables.notifications import MessageTable


@list_page(Act.VIEW_NOTIFICATION)
def notifications_list(request: SignedInRequest) -> HttpResponseBase:
    """Everything that they were told, the latest first."""
    told = Notification.objects.filter(person=request.user)
    chosen = MessageFilter(request.GET, queryset=told, request=request)
    newest = notifications.unread(request.user).order_by("-pk").values_list("pk", flat=True).first()
    read_all = press(_("Mark all as read"), "registry:notifications_read", tone="outline-primary", until=str(newest))
    return listed(
        request,
        MessageTable(chosen.qs),
        chosen,
        title=_("Messages"),
        lead=_("Approaching deadlines, and actions of others that concern you."),
        name="messages",
        context={"buttons": [read_all if newest else None, link(_("E-mails"), "registry:notification_mail")]},
    )


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
