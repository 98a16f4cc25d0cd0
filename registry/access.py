"""Who may do what to whose: one matrix, asked by every getter, list and page.

`MATRIX[act][role]` says how far the role reaches for the act. A role that is missing may not do it at all.
Views are marked with `page(act)`; objects are fetched with `get`, which returns the object or raises:
404 to a stranger (who must not learn that it exists), 403 to one who may look but not act.
"""

import datetime as dt
import enum
import functools
import inspect
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from registry.roles import MINISTRY_ROLES, NATIONAL_ROLES, PROVINCIAL_ROLES, REGISTRAR_ROLES, UNIT_ROLES, Role

if TYPE_CHECKING:
    from registry.models import Person

M = TypeVar("M", bound=Model)


class SignedInRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware: its user is a person."""

    user: "Person"


class Whose(enum.Enum):
    """How far a permission reaches."""

    OWN_UNIT = "own unit"  # and, for the acts in MANDATED, the units that gave it a mandate
    OWN_AUTHORITY = "own authority"
    ASSIGNED = "assigned to own body"
    OWN_PERSON = "asked for by the person"
    ALL = "all"


class Act(enum.Enum):
    """Everything that anyone does here."""

    # registry
    VIEW_UNIT = "view unit"
    VIEW_DIRECTORY = "view directory"
    VIEW_DIRECTORY_PROPOSAL = "view directory proposal"
    PROPOSE_DIRECTORY = "propose directory"
    APPROVE_DIRECTORY = "approve directory"
    VIEW_JOURNAL = "view journal"
    VIEW_JOB = "view job"
    VIEW_NOTIFICATION = "view what one was told"
    VIEW_MANDATE = "view mandate"
    OFFER_MANDATE = "offer mandate"
    ACCEPT_MANDATE = "accept mandate"
    END_MANDATE = "end mandate"
    VIEW_TOKEN = "view token"  # noqa: S105 (an act)
    GRANT_TOKEN = "grant token"  # noqa: S105 (an act)
    REVOKE_TOKEN = "revoke token"  # noqa: S105 (an act)
    VIEW_PARAMETERS = "view parameters"
    VIEW_PARAMETER_EFFECT = "view effect of a change of a parameter"
    PROPOSE_PARAMETER = "propose change of a parameter"
    APPROVE_PARAMETER = "approve change of a parameter"
    # reporting
    VIEW_PACKAGE = "view package"
    VIEW_DRAFT = "view draft of a package"
    UPLOAD_PACKAGE = "upload package"
    SUBMIT_PACKAGE = "submit package"
    REVIEW_PACKAGE = "review package"
    VIEW_QUEUE = "view queue of packages"
    REPLY_QUESTION = "reply to a question"
    EXTEND_DEADLINE = "extend deadline of a package"
    VIEW_BULK_UPLOAD = "view bulk upload"
    BULK_UPLOAD = "upload in bulk"
    VERIFY_RECEIPT = "view whether a receipt stands"
    VIEW_CONTROL_PLAN = "view control plan"
    EDIT_CONTROL_PLAN = "edit control plan"
    SUBMIT_CONTROL_PLAN = "submit control plan"
    REVIEW_CONTROL_PLAN = "review control plan"
    VIEW_ANNUAL_REPORT = "view annual report"
    PREPARE_ANNUAL_REPORT = "prepare annual report"
    FILE_ANNUAL_REPORT = "file annual report"
    RETURN_ANNUAL_REPORT = "send a filed annual report back"
    VIEW_VERIFICATION = "view verification"
    ASSIGN_VERIFICATION = "assign verification"
    VERIFY = "verify"
    VIEW_FINDINGS_BEFORE_TOLD = "view what a verifier found before the unit is told"
    APPROVE_VERIFICATION = "approve verification"
    VIEW_VERIFIED_RESULT = "view verified result"
    # allocation
    VIEW_PLAN = "view plan"
    VIEW_BALANCE_VALUE = "view balance value"
    COMPUTE_BALANCE_VALUE = "compute balance value"
    PUBLISH_BALANCE_VALUE = "publish balance value"
    STUDY_BALANCE_VALUE = "view what lies behind a balance value"
    VIEW_RUN = "view run"
    PREPARE_RUN = "prepare run"
    APPROVE_RUN = "approve run"
    VIEW_AWARD = "view award"
    VIEW_LETTER = "view letter"
    SEND_LETTER = "send letter"
    PREPARE_ISSUE = "prepare issue"
    EXECUTE_ISSUE = "execute issue"
    VIEW_ACCOUNT = "view account"
    FREEZE_ACCOUNT = "freeze account"
    VIEW_TRADES = "view trades"
    PROPOSE_TRADES = "propose trades"
    EXECUTE_TRADES = "execute trades"
    VIEW_NOTICE = "view notice"
    SEND_NOTICE = "send notice"
    VIEW_SURRENDER = "view surrender"
    REQUEST_SURRENDER = "request surrender"
    CONFIRM_SURRENDER = "confirm surrender"
    APPROVE_SURRENDER = "approve surrender"
    EXECUTE_SURRENDER = "execute surrender"
    VIEW_CERTIFICATE = "view certificate"
    VIEW_OBJECTION = "view objection"
    DRAFT_OBJECTION = "draft objection"
    FILE_OBJECTION = "file objection"
    WITHDRAW_OBJECTION = "withdraw objection"
    ANSWER_OBJECTION = "propose decision on objection"
    DECIDE_OBJECTION = "decide on objection"
    VIEW_DEDUCTION = "view deduction"
    VIEW_DEDUCTION_TABLE = "view table of deductions"
    ENTER_DEDUCTION = "enter deduction"
    APPROVE_DEDUCTION = "approve deduction"
    VIEW_DIFFERENTIATION = "view differentiated unit"
    MARK_DIFFERENTIATION = "mark differentiated unit"
    APPROVE_DIFFERENTIATION = "approve mark of differentiated unit"
    PROPOSE_RELEASE = "propose release of withheld quota"
    APPROVE_RELEASE = "approve release of withheld quota"
    EXECUTE_RELEASE = "execute release of withheld quota"
    VIEW_COMPLIANCE = "view compliance"


def _reach(**groups: Iterable[Role]) -> dict[Role, Whose]:
    """The roles named under `own_unit`, `own_authority`, `assigned`, `own_person`, `everything`, each with that reach."""
    names = {
        "own_unit": Whose.OWN_UNIT,
        "own_authority": Whose.OWN_AUTHORITY,
        "assigned": Whose.ASSIGNED,
        "own_person": Whose.OWN_PERSON,
        "everything": Whose.ALL,
    }
    return {role: names[group] for group, roles in groups.items() for role in roles}


_EVERYONE = _reach(everything=Role)
_READERS = _reach(own_unit=UNIT_ROLES, own_authority=PROVINCIAL_ROLES, everything=NATIONAL_ROLES)
_READERS_AND_VERIFIER = {**_READERS, Role.VERIFIER: Whose.ASSIGNED}
_OFFICERS = _reach(own_authority=PROVINCIAL_ROLES, everything=NATIONAL_ROLES)
_MINISTRY = _reach(everything=(*MINISTRY_ROLES, Role.AUDITOR))
_OFFICER = _reach(own_authority=[Role.PROVINCIAL_OFFICER])
_APPROVER = _reach(own_authority=[Role.PROVINCIAL_APPROVER])
_CLERK = _reach(own_unit=[Role.UNIT_CLERK])
_UNIT_APPROVER = _reach(own_unit=[Role.UNIT_APPROVER])
_OPERATOR = _reach(everything=[Role.REGISTRAR_OPERATOR])
_REGISTRAR_APPROVER = _reach(everything=[Role.REGISTRAR_APPROVER])

MATRIX: dict[Act, dict[Role, Whose]] = {
    Act.VIEW_UNIT: _READERS_AND_VERIFIER,
    Act.VIEW_DIRECTORY: _EVERYONE,
    Act.VIEW_DIRECTORY_PROPOSAL: {**_reach(own_authority=PROVINCIAL_ROLES), **_MINISTRY},
    Act.PROPOSE_DIRECTORY: _OFFICER,
    Act.APPROVE_DIRECTORY: _APPROVER,
    Act.VIEW_JOURNAL: _OFFICERS,
    Act.VIEW_JOB: {**_reach(own_person=Role), Role.AUDITOR: Whose.ALL},
    # What somebody was told is nobody else's business; choosing whether e-mails come, too.
    Act.VIEW_NOTIFICATION: _reach(own_person=Role),
    Act.VIEW_MANDATE: _reach(own_unit=UNIT_ROLES, everything=[Role.AUDITOR]),
    Act.OFFER_MANDATE: _UNIT_APPROVER,
    Act.ACCEPT_MANDATE: _UNIT_APPROVER,
    Act.END_MANDATE: _UNIT_APPROVER,
    Act.VIEW_TOKEN: _reach(own_unit=UNIT_ROLES, everything=[Role.AUDITOR]),
    Act.GRANT_TOKEN: _UNIT_APPROVER,
    Act.REVOKE_TOKEN: _reach(own_unit=UNIT_ROLES),
    Act.VIEW_PARAMETERS: _EVERYONE,
    # How many findings a change would make, all over the country, is asked by whoever prepares, decides or audits it.
    Act.VIEW_PARAMETER_EFFECT: _MINISTRY,
    Act.PROPOSE_PARAMETER: _reach(everything=[Role.MINISTRY_ANALYST]),
    Act.APPROVE_PARAMETER: _reach(everything=[Role.MINISTRY_APPROVER]),
    Act.VIEW_PACKAGE: _READERS_AND_VERIFIER,
    # What an enterprise has uploaded and not submitted is its own business until it submits it.
    Act.VIEW_DRAFT: _reach(own_unit=UNIT_ROLES, everything=[Role.AUDITOR]),
    Act.UPLOAD_PACKAGE: _CLERK,
    Act.SUBMIT_PACKAGE: _CLERK,
    Act.REVIEW_PACKAGE: _OFFICER,
    Act.VIEW_QUEUE: _OFFICERS,
    Act.REPLY_QUESTION: _CLERK,
    Act.EXTEND_DEADLINE: _OFFICER,
    # Not the approver: it tells of other units' drafts, which a mandate opens to clerks only.
    Act.VIEW_BULK_UPLOAD: _reach(own_unit=[Role.UNIT_CLERK], everything=[Role.AUDITOR]),
    Act.BULK_UPLOAD: _CLERK,
    Act.VERIFY_RECEIPT: _EVERYONE,
    Act.VIEW_CONTROL_PLAN: _READERS_AND_VERIFIER,
    Act.EDIT_CONTROL_PLAN: _CLERK,
    Act.SUBMIT_CONTROL_PLAN: _UNIT_APPROVER,
    Act.REVIEW_CONTROL_PLAN: _OFFICER,
    Act.VIEW_ANNUAL_REPORT: _READERS_AND_VERIFIER,
    Act.PREPARE_ANNUAL_REPORT: _CLERK,
    Act.FILE_ANNUAL_REPORT: _UNIT_APPROVER,
    Act.RETURN_ANNUAL_REPORT: _OFFICER,
    Act.VIEW_VERIFICATION: _READERS_AND_VERIFIER,
    Act.ASSIGN_VERIFICATION: _OFFICER,
    Act.VERIFY: _reach(assigned=[Role.VERIFIER]),
    # What a verifier has found so far, and what the province wrote to the verifier, is nobody else's until the result is told.
    Act.VIEW_FINDINGS_BEFORE_TOLD: {
        **_reach(assigned=[Role.VERIFIER], own_authority=PROVINCIAL_ROLES),
        **_MINISTRY,
    },
    Act.APPROVE_VERIFICATION: _APPROVER,
    Act.VIEW_VERIFIED_RESULT: _READERS_AND_VERIFIER,
    Act.VIEW_PLAN: _EVERYONE,
    Act.VIEW_BALANCE_VALUE: _EVERYONE,
    Act.COMPUTE_BALANCE_VALUE: _reach(everything=[Role.MINISTRY_ANALYST]),
    Act.PUBLISH_BALANCE_VALUE: _reach(everything=[Role.MINISTRY_APPROVER]),
    # Single lines and provinces of the whole country: whoever prepares, decides or audits.
    Act.STUDY_BALANCE_VALUE: _MINISTRY,
    Act.VIEW_RUN: _OFFICERS,
    Act.PREPARE_RUN: _OFFICER,
    Act.APPROVE_RUN: _APPROVER,
    Act.VIEW_AWARD: _READERS,
    Act.VIEW_LETTER: _OFFICERS,
    Act.SEND_LETTER: _OFFICER,
    Act.PREPARE_ISSUE: _OPERATOR,
    Act.EXECUTE_ISSUE: _REGISTRAR_APPROVER,
    Act.VIEW_ACCOUNT: _READERS,
    Act.FREEZE_ACCOUNT: _REGISTRAR_APPROVER,
    Act.VIEW_TRADES: _reach(everything=NATIONAL_ROLES),
    Act.PROPOSE_TRADES: _OPERATOR,
    Act.EXECUTE_TRADES: _REGISTRAR_APPROVER,
    Act.VIEW_NOTICE: _READERS,
    Act.SEND_NOTICE: _OFFICER,
    Act.VIEW_SURRENDER: _READERS,
    Act.REQUEST_SURRENDER: _CLERK,
    Act.CONFIRM_SURRENDER: _UNIT_APPROVER,
    Act.APPROVE_SURRENDER: _APPROVER,
    Act.EXECUTE_SURRENDER: _reach(everything=REGISTRAR_ROLES),
    Act.VIEW_CERTIFICATE: _READERS,
    Act.VIEW_OBJECTION: {**_reach(own_unit=UNIT_ROLES, own_authority=PROVINCIAL_ROLES), **_MINISTRY},
    Act.DRAFT_OBJECTION: _CLERK,
    Act.FILE_OBJECTION: _UNIT_APPROVER,
    Act.WITHDRAW_OBJECTION: _reach(own_unit=UNIT_ROLES),
    Act.ANSWER_OBJECTION: _OFFICER,
    Act.DECIDE_OBJECTION: _APPROVER,
    Act.VIEW_DEDUCTION: {**_reach(own_unit=UNIT_ROLES, own_authority=PROVINCIAL_ROLES), **_MINISTRY},
    # The table as it was uploaded names other units, too.
    Act.VIEW_DEDUCTION_TABLE: {**_reach(own_authority=PROVINCIAL_ROLES), **_MINISTRY},
    Act.ENTER_DEDUCTION: _OFFICER,
    Act.APPROVE_DEDUCTION: _APPROVER,
    Act.VIEW_DIFFERENTIATION: _READERS,
    Act.MARK_DIFFERENTIATION: _OFFICER,
    Act.APPROVE_DIFFERENTIATION: _APPROVER,
    Act.PROPOSE_RELEASE: _OFFICER,
    Act.APPROVE_RELEASE: _APPROVER,
    Act.EXECUTE_RELEASE: _reach(everything=REGISTRAR_ROLES),
    Act.VIEW_COMPLIANCE: _READERS,
}


# What a mandate opens to the clerks of the unit that holds it, on top of their own unit, and nothing else.
MANDATED = frozenset({Act.VIEW_PACKAGE, Act.VIEW_DRAFT, Act.UPLOAD_PACKAGE, Act.SUBMIT_PACKAGE, Act.REPLY_QUESTION})

Path = str | Callable[[int], Q] | None


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a model keeps whom it concerns, as lookups from its rows; None where that question has no answer.

    `body` leads to the technical service bodies that it was assigned to, `person` to the one who asked for it. Where no single
    lookup says it (a body sees the months of the unit, sector and year that it verifies, no others), a path is a function that
    makes the condition from the person's key.
    """

    view: Act
    unit: Path = None
    authority: Path = None
    body: Path = None
    person: Path = None


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
    rows = queryset.filter(condition)
    # A body can reach a row through several assignments.
    return rows.distinct() if whose is Whose.ASSIGNED else rows


def _mandating(person: Any, act: Act, at: dt.datetime | None) -> QuerySet[Any, Any]:
    """The keys of the units for which the person's own holds a mandate to do the act on that day. A subquery, asked with the rows."""
    # By name and here: the models ask this module whose their rows are while they are being loaded.
    from registry import calendar, clock, mandates_in_force

    held = mandates_in_force.on(calendar.local_day(at) if at else clock.today()).filter(holder_unit=person.unit_id)
    return (held.filter(may_submit=True) if act is Act.SUBMIT_PACKAGE else held).values("unit")


def get(person: Any, act: Act, queryset: QuerySet[M], **lookup: Any) -> M:
    """The one object, if the person may do `act` to it.

    Raises Http404 where she may not even look at it, PermissionDenied where she may look but not act.
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
            if not any(_reaches(by, act, subject, at) for act in acts):
                raise PermissionDenied

        @functools.wraps(service)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            given = (
                dict(zip(names, args, strict=False)) | kwargs
            )  # binding the signature costs more than the guard itself
            if given["by"] is None and not for_system:
                raise PermissionDenied
            if given["by"] is not None:
                refuse(given["by"], given[names[0]], given.get("at"))
            return service(*args, **kwargs)

        guarded.acts = acts  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def _reaches(person: Any, act: Act, subject: Any, at: dt.datetime | None) -> bool:
    """Whether the person may do `act` to the subject: a row, or several of one kind. One query, none where the rows at hand say so."""
    rows = [subject] if isinstance(subject, Model) else subject
    if not may(person, act) or MATRIX[act][person.role] is Whose.ALL or not _say_whose(rows):
        return may(person, act)
    if all(_plainly_own(person, MATRIX[act][person.role], row) for row in rows):
        return True
    keys = {row.pk for row in rows}
    queryset = type(rows[0])._default_manager.filter(pk__in=keys)
    return scoped(person, act, queryset, at).values("pk").count() == len(keys)


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
