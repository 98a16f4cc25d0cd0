"""Who isn't signed in is sent to the sign-in page, and comes back to the page of the thing; so does whoever pressed a button too late.

What was sent then did nothing, and its file is gone. What was typed is kept (registry.web.kept_input) for the person whose browser it is
and for nobody else: a signed cookie, which outlives the session, says whose.
"""

import datetime as dt
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LoginView, redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from quota_site.middleware import API, mark_refused
from quota_site.way_back import came_from
from registry.law import clock
from registry.models import Person
from registry.people import sessions
from registry.web import kept_input
from registry.web.forms.sign_in import SignInForm

UNSENT = "unsent"  # in the address to which a person comes back: "file", "typed" or "form"
WHOSE = "quota_whose"
_SALT = "quota_site.sign_in"
_HOLDS_NOTHING = (settings.LOGIN_URL, "logout", kept_input.LANGUAGE_SWITCH)  # forms in which nobody types a sentence
_KEPT_FOR = 3 * settings.SESSION_COOKIE_AGE


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's, which also keeps what was typed into a form that is sent too late, and says that nothing was sent."""

    def process_view(self, request, view_func, view_args, view_kwargs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        if request.method == "GET" and request.user.is_authenticated and UNSENT in request.GET:
            messages.warning(request, _told(request.GET[UNSENT]))
            return HttpResponseRedirect(_address(request.get_full_path(), without=UNSENT))
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, _view_func: object) -> HttpResponseBase:  # type: ignore[override]
        """To the sign-in page; from a button by way of the page on which it stands."""
        return _to_sign_in(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Remember whose browser this is, if the request was found to be somebody's; the API knows no sessions."""
        person = None if request.path.startswith(API) else getattr(request, "_cached_user", None)
        if person is not None and person.is_authenticated and whose(request) != person.pk:
            kept = {"max_age": _KEPT_FOR, "httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
            response.set_signed_cookie(WHOSE, str(person.pk), salt=_SALT, **kept)
        return response


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    target = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        target = _address(came_from(request), unsent=_keep(request))
    elif request.htmx:  # type: ignore[attr-defined]
        target = came_from(request)
    return _led(request, redirect_to_login(target, settings.LOGIN_URL).url)


def _led(request: HttpRequest, url: str) -> HttpResponse:
    """The whole page is led on, also where only a part of it was asked for."""
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)  # type: ignore[attr-defined]


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is of an earlier sign-in, because the person signed in again in another window: nothing was done, and they come
    back to its page with what was typed. What another site sends, or a browser without cookies, sees a page that says so."""
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    if reason == REASON_NO_CSRF_COOKIE or not url_has_allowed_host_and_scheme(source, {request.get_host()}):
        return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)
    view = request.resolver_match.view_name if request.resolver_match else ""
    if not request.user.is_authenticated and view != settings.LOGIN_URL:
        return _to_sign_in(request)
    target = came_from(request)
    mark_refused(request)
    kept = view not in _HOLDS_NOTHING and kept_input.keep(request, target, clock.now())
    messages.warning(request, _stale("file" if request.FILES else "typed" if kept else "form"))
    return _led(request, target)


def _stale(what: str) -> str:
    if what == "file":
        return _(
            "You signed in again in the meantime: nothing was sent. Choose the file again, then press the button again."
        )
    if what == "typed":
        return _(
            "You signed in again in the meantime: nothing was sent. What you typed is here; press the button again."
        )
    return _("You signed in again in the meantime: nothing was sent. Press the button again.")


def whose(request: HttpRequest) -> int:
    """The person who was last signed in here; 0 where nobody was, or it is too long ago."""
    found = request.get_signed_cookie(WHOSE, default="0", salt=_SALT, max_age=_KEPT_FOR)
    return int(found) if found and found.isdecimal() else 0


def _keep(request: HttpRequest) -> str:
    """Keep what was typed if it is known by whom; what was lost, as the address says it."""
    person = whose(request)
    kept = bool(person) and kept_input.keep(request, came_from(request), clock.now(), person=person)
    return "file" if request.FILES else "typed" if kept else "form"


def _told(what: str) -> str:
    if what == "file":
        return _("Your session had ended: nothing was sent. Choose the file again, then press the button again.")
    if what == "typed":
        return _("Your session had ended: nothing was sent. What you typed is here; press the button again.")
    return _("Your session had ended: nothing was sent. Press the button again.")


def _address(url: str, *, without: str = "", unsent: str = "") -> str:
    parts = urlsplit(url)
    query = QueryDict(parts.query, mutable=True)
    query.pop(without, None)
    if unsent:
        query[UNSENT] = unsent
    return urlunsplit(("", "", parts.path, query.urlencode(), ""))


class SignIn(LoginView):
    """The sign-in page. Who pressed a button too late is told so; whose seat was ended, too, and sees what was typed last, to copy it."""

    redirect_authenticated_user = True
    authentication_form = SignInForm

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The session says where it began, so that the person can tell their own from others."""
        last = form.get_user().last_login
        response = super().form_valid(form)
        # What the sign-in page writes is in real time; a demonstration's clock is ahead.
        ahead = dt.timedelta(seconds=settings.CLOCK_OFFSET_SECONDS)
        sessions.begin(self.request, last + ahead if last else None, at=clock.now())
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        found = super().get_context_data(**kwargs) | {"unsent": _unsent(self.get_redirect_url())}
        person = Person.objects.filter(pk=key, is_active=False).first() if (key := whose(self.request)) else None
        if person is not None:
            found |= {"ended": person, "typed_ended": kept_input.kept_by(self.request, clock.now(), person.pk)}
        return found


def _unsent(target: str) -> str:
    """What was lost by whoever comes to the sign-in page with this address to go back to; nothing if it was no button."""
    return QueryDict(urlsplit(target).query).get(UNSENT, "")
