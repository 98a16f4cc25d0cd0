"""One way for the addresses that are posted to: get the object, do the act, say what was done, go on.

A Refusal that the act raises is told by the middleware, in the person's language, on the page that they came from, and what they typed is
kept (`registry.web.kept_input`); so no view catches it. What is refused of one field alone is told there (`beside`).
"""

import contextlib
import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from registry import access
from registry.access import SignedInRequest
from registry.law import clock
from registry.models import Job, Person
from registry.permissions import Act
from registry.refusal import Refusal
from registry.web import confirming, kept_input
from registry.web.confirming import Consequential

__all__ = ["act_on", "beside", "done", "form_here", "may", "progress", "signed"]

Row = TypeVar("Row", bound=Model)
Kind = TypeVar("Kind", bound=Form)
View = Callable[..., HttpResponseBase]
Step = tuple[dt.datetime | None, object, Person | None, str, str]  # when, what, who, tone, detail


def act_on(
    act: Act,
    rows: type[Row] | QuerySet[Row] | Callable[[Person], QuerySet[Row]],
    *,
    to: str = "",
    asks: Consequential | None = None,
) -> Callable[[Callable[..., str | HttpResponse]], View]:
    """Make a view of a function that does `act` to the row whose key is in the address, and returns the sentence that says so.

    `rows` are a model, rows of it, or what a person can reach of them. The person goes on to the page `to` of the same row; a function
    that leads elsewhere returns an answer of its own, by `done`. `asks`: the act is shown with its consequence first, and done by a second
    press (registry.web.confirming).
    """

    def mark(do: Callable[..., str | HttpResponse]) -> View:
        return _confirmed(act, rows, to, asks, do) if asks else _at_once(act, rows, to, do)

    return mark


def _at_once(act: Act, rows: Any, to: str, do: Callable[..., str | HttpResponse]) -> View:
    @access.page(act)
    @require_POST
    @functools.wraps(do)
    def view(request: SignedInRequest, pk: int, **rest: Any) -> HttpResponse:
        said = do(request, access.get(request.user, act, _reached(rows, request.user), pk=pk), **rest)
        return done(request, said, to, pk=pk) if isinstance(said, str) else said

    return view


def _confirmed(act: Act, rows: Any, to: str, asks: Consequential, do: Callable[..., str | HttpResponse]) -> View:
    asks = replace(asks, page=asks.page or (lambda row: reverse(to, args=[row.pk])))
    confirming.tell(asks)

    @access.page(act)
    @require_http_methods(["GET", "HEAD", "POST"])
    @functools.wraps(do)
    def view(request: SignedInRequest, pk: int, **rest: Any) -> HttpResponse:
        return confirming.confirm(
            request,
            asks,
            find=lambda: access.get(request.user, act, _reached(rows, request.user), pk=pk),
            do=lambda row: do(request, row, **rest),
            done=lambda said: done(request, said, to, pk=pk),
        )

    view.asks = asks  # type: ignore[attr-defined]
    return view


def _reached(rows: "type[Row] | QuerySet[Row] | Callable[[Person], QuerySet[Row]]", person: Person) -> QuerySet[Row]:
    if isinstance(rows, QuerySet):
        return rows
    if isinstance(rows, type):
        found: QuerySet[Row] = rows._default_manager.all()  # type: ignore[attr-defined]
        return found
    return rows(person)


def done(request: HttpRequest, said: str, to: str, **kwargs: Any) -> HttpResponse:
    """Say what was done, if there is anything to say, and go on to a page, by its name or its address."""
    if said:
        messages.success(request, said)
    onward: HttpResponse = redirect(to, **kwargs)
    return onward


def may(person: Person, act: Act, row: Model) -> bool:
    """Whether the person may do `act` to this very row: what a button asks before it shows itself."""
    return access.scoped(person, act, type(row)._default_manager.filter(pk=row.pk)).exists()


def form_here(
    kind: Callable[..., Kind], request: SignedInRequest, usual: Mapping[str, Any] | None = None, **how: Any
) -> Kind:
    """The form of a page that posts to its own address: what was posted, else what is usual and over it what was typed and refused."""
    given = kept_input.given(request, clock.now(), request.path)
    return kind(request.POST or None, initial={**(usual or {}), **given}, **how)


@contextlib.contextmanager
def beside(form: Form) -> Iterator[None]:
    """What a service refuses of one field of the form is told beside it, and the form comes back as it was typed."""
    try:
        yield
    except Refusal as refusal:
        if refusal.field not in form.fields:
            raise
        form.add_error(refusal.field, str(refusal))


def progress(request: HttpRequest, job: Job | None, title: str) -> HttpResponse:
    """How far a job is, as the fragment that a page polls; once it is over the page reloads."""
    response = render(request, "partials/job.html", {"job": job, "title": title, "url": request.path})
    if job is None or job.is_over:
        response.headers["HX-Refresh"] = "true"
    return response


def signed(steps: Iterable[Step]) -> list[dict[str, object]]:
    """Who did what when, for the timeline: the steps that were taken. `detail` is said of what ended a thing."""
    return [
        {"at": at, "what": what, "who": who, "tone": tone, "detail": detail}
        for at, what, who, tone, detail in steps
        if at is not None
    ]
