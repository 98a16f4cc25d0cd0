"""Who may do what to whose: one matrix, asked by every getter, list and page.

Views are marked with `page(act)`; objects are fetched with `get`, which returns the object or raises:
404 to a stranger (who must not learn that it exists), 403 to one who may look but not act.
"""

import datetime as dt
import functools
import inspect
import typing
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from registry.access import mandates_in_force
from registry.law import calendar, clock
from registry.models import Person
from registry.permissions import MANDATED, MATRIX, Act, Paths, Whose
from registry.permissions.roles import Role

M = TypeVar("M", bound=Model)


class SignedInRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware: its user is a person."""

    user: Person


def may(person: Any, act: Act) -> bool:
    """Whether the person's role does `act` at all, on whatever objects."""
    return person.role in MATRIX[act]


def scoped(person: Any, act: Act, queryset: QuerySet[M], at: dt.datetime | None = None) -> QuerySet[M]:
    """The rows of `queryset` over which the person may do `act` today, or at an instant; its model says by `WHOSE` whom a row concerns."""
    paths: Paths = queryset.model.WHOSE  # type: ignore[attr-defined]
    whose = MATRIX[act].get(person.role)
    if whose is None:
        return queryset.none()
    if whose is Whose.ALL:
        return queryset
    path, key = {
        Whose.OWN_UNIT: (paths.unit, person.unit_id),
        Whose.OWN_AUTHORITY: (paths.authority, person.authority_id),
        Whose.ASSIGNED: (paths.body, person.body_id),
        Whose.OWN_PERSON: (paths.person, person.pk),
    }[whose]
    if path is None or key is None:
        return queryset.none()
    condition = Q(**{path: key}) if isinstance(path, str) else path(key)
    if whose is Whose.OWN_UNIT and act in MANDATED and person.role == Role.UNIT_CLERK and isinstance(path, str):
        condition |= Q(**{f"{path}__in": _mandating(person, act, at)})
    # No path joins what there can be several of, so every row comes once (tests/registry/test_access.py).
    return queryset.filter(condition)


def _mandating(person: Any, act: Act, at: dt.datetime | None) -> QuerySet[Any, Any]:
    """The keys of the units for which the person's own holds a mandate to do the act on that day. A subquery, asked with the rows."""

    held = mandates_in_force.on(calendar.local_day(at) if at else clock.today()).filter(holder_unit=person.unit_id)
    return (held.filter(may_submit=True) if act is Act.SUBMIT_PACKAGE else held).values("unit")


def get(person: Any, act: Act, queryset: QuerySet[M], **lookup: Any) -> M:
    """The one object, if the person may do `act` to it.

    Raises Http404 where they may not even look at it, PermissionDenied where they may look but not act.
    """
    paths: Paths = queryset.model.WHOSE  # type: ignore[attr-defined]
    found = scoped(person, paths.view, queryset).filter(**lookup).first()
    if found is None:
        raise Http404
    if act is not paths.view and not scoped(person, act, queryset.model._default_manager.filter(pk=found.pk)).exists():
        raise PermissionDenied
    return found


Service = TypeVar("Service", bound=Callable[..., Any])


def acting(*acts: Act, about: Callable[[Any], Any] | None = lambda subject: subject) -> Callable[[Service], Service]:
    """Mark a service with the acts that it is done as, and refuse (PermissionDenied) whoever may do none of them to what it is about.

    The views ask first; this is the second lock, for every way that leads to a service. What it is about is its first argument, or what
    `about` makes of that; None where another's is rightly named there. Of an argument that doesn't say whose it is (a year, a table), the
    role alone is asked. `by=None` is the system itself, and only where the service's `by` says so.
    """

    def mark(service: Service) -> Service:
        parameters = inspect.signature(service).parameters
        names = tuple(parameters)
        for_system = type(None) in typing.get_args(parameters["by"].annotation)

        def refuse(by: Any, first: Any, at: dt.datetime | None) -> None:
            subject = about(first) if about else None
            if not any(reaches(by, act, subject, at) for act in acts):
                raise PermissionDenied

        @functools.wraps(service)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            # Binding the signature costs more than the guard itself.
            given = dict(zip(names, args, strict=False)) | kwargs
            if given["by"] is None and not for_system:
                raise PermissionDenied
            if given["by"] is not None:
                refuse(given["by"], given[names[0]], given.get("at"))
            return service(*args, **kwargs)

        guarded.acts = acts  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def reaches(person: Any, act: Act, subject: Any, at: dt.datetime | None = None) -> bool:
    """Whether the person may do `act` to the subject: a row, or several of one kind. One query, none where the rows at hand say so."""
    rows = [subject] if isinstance(subject, Model) else subject
    if not may(person, act) or MATRIX[act][person.role] is Whose.ALL or not _say_whose(rows):
        return may(person, act)
    if all(_plainly_own(person, MATRIX[act][person.role], row) for row in rows):
        return True
    keys = {row.pk for row in rows}
    queryset = type(rows[0])._default_manager.filter(pk__in=keys)
    return scoped(person, act, queryset, at).values("pk").count() == len(keys)


def reach(person: Any, act: Act, model: type[M]) -> Callable[[M], bool]:
    """Answers for row after row at hand whether the person may do `act` to it: one query for all of them, and only where the rows don't say
    whose they are."""
    whose = MATRIX[act].get(person.role)
    if whose is None or whose is Whose.ALL:
        return lambda _row: whose is Whose.ALL

    @functools.cache
    def assigned() -> frozenset[Any]:
        return frozenset(scoped(person, act, model._default_manager.all()).values_list("pk", flat=True))

    return lambda row: row.pk in assigned() if whose is Whose.ASSIGNED else _plainly_own(person, whose, row)


def _plainly_own(person: Any, whose: Whose, row: Model) -> bool:
    """Whether the row, as it was loaded, is the person's own unit's or authority's. False says nothing: the database has to be asked."""
    paths: Paths = row.WHOSE  # type: ignore[attr-defined]
    owned = {Whose.OWN_UNIT: (paths.unit, person.unit_id), Whose.OWN_AUTHORITY: (paths.authority, person.authority_id)}
    path, key = owned.get(whose, (None, None))
    if not isinstance(path, str) or key is None or row.pk is None:
        return False
    *through, last = path.split("__")
    found: Any = row
    for name in through:
        found = found._state.fields_cache.get(name)
        if found is None:
            return False
    return bool((found.pk if last == "pk" else getattr(found, f"{last}_id", None)) == key)


def _say_whose(rows: Any) -> bool:
    return isinstance(rows, list | tuple) and bool(rows) and all(hasattr(row, "WHOSE") for row in rows)


View = Callable[..., HttpResponseBase]


def page(act: Act) -> Callable[[View], View]:
    """Mark a view with the act it serves, and refuse (403) whoever's role never does it."""

    def mark(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user, act):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]
        return guarded

    return mark
