"""Who is asking: the access token of the request, how often it may ask, what it may do, and about which unit."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from registry import access
from registry.law import clock
from registry.models import ApiToken, Person, Unit
from registry.people import throttling, tokens
from registry.permissions import Act
from reporting.web.api import problems


class BearerToken(HttpBearer):
    """`Authorization: Bearer …`. Sessions and cookies open nothing here."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> ApiToken:
        found: ApiToken | None = super().__call__(request)
        if found is None:
            raise problems.bad_token()
        limit = settings.API_REQUESTS_PER_MINUTE
        if not throttling.within(f"token:{found.sha256}", limit):
            raise problems.too_many(limit, throttling.WINDOW_SECONDS)
        return found

    def authenticate(self, _request: HttpRequest, token: str) -> Any:
        at = clock.now()
        found = tokens.find(token, at)
        if found is not None:
            tokens.note_use(found, at)
        return found


def person(request: HttpRequest, scope: ApiToken.Scope) -> Person:
    """The person whom the token acts for, if it may do what `scope` says."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    if scope not in token.scope_list:
        raise problems.no_scope(scope)
    return token.person


def unit_asked_about(asker: Person, act: Act, credit_code: str) -> Unit:
    """The token's own unit, or another over which its person may do the act."""
    wanted = credit_code or asker.unit.credit_code  # type: ignore[union-attr]  # a token's person sits in a unit
    if "\x00" in wanted:  # PostgreSQL can't even be asked for it
        raise problems.not_found()
    found = access.scoped(asker, act, Unit.objects.all()).filter(credit_code=wanted).first()
    if found is None:
        raise problems.not_found()
    return found
