"""Access tokens of a unit: list, grant, revoke."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from registry import access
from registry.access import SignedInRequest
from registry.law import calendar, clock
from registry.models import ApiToken
from registry.people import tokens
from registry.permissions import Act
from registry.web import consequences
from registry.web.acting import act_on, done, form_here
from registry.web.buttons import begin
from registry.web.forms.tokens import TokenForm
from registry.web.listing import list_page, listed
from registry.web.tables.tokens import TokenTable


@list_page(Act.VIEW_TOKEN)
def tokens_list(request: SignedInRequest) -> HttpResponseBase:
    """The unit's tokens, the latest first."""
    rows = ApiToken.objects.select_related("person", "use", "revocation", "unit")
    may_revoke = access.may(request.user, Act.REVOKE_TOKEN)
    return listed(
        request,
        TokenTable(access.scoped(request.user, Act.VIEW_TOKEN, rows), now=clock.now(), may_revoke=may_revoke),
        title=_("Access tokens"),
        lead=_(
            "With a token your own systems upload workbooks and fetch what was found. What they do counts as done by the clerk it acts as."
        ),
        template="registry/tokens.html",
        context={"buttons": [begin(request.user, Act.GRANT_TOKEN, _("Grant a token"), "registry:token_grant")]},
    )


@access.page(Act.GRANT_TOKEN)
@never_cache
def grant(request: SignedInRequest) -> HttpResponse:
    """Grant a token. Its secret stands on the answer's page and is never shown again."""
    at = clock.now()
    form = form_here(TokenForm, request, person=request.user, day=calendar.local_day(at))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        expires_at = calendar.end_of(given["until"])
        token, secret = tokens.grant(
            given["person"], given["name"], given["scopes"], expires_at=expires_at, by=request.user, at=at
        )
        return render(request, "registry/token_granted.html", {"token": token, "secret": secret})
    status = 422 if form.is_bound else 200
    return render(request, "registry/token_grant.html", {"form": form}, status=status)


@act_on(Act.REVOKE_TOKEN, ApiToken.objects.select_related("person"), asks=consequences.REVOCATION)
def revoke(request: SignedInRequest, token: ApiToken) -> HttpResponse:
    """End a token at once."""
    tokens.revoke(token, by=request.user, at=clock.now())
    return done(request, _("Revoked. Any system still using this token is refused from now on."), "registry:tokens")
