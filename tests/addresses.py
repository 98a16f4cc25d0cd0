"""Every address of the product, each with what it is about; tests/test_access_matrix.py fails for one that stands here nowhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from registry.permissions import Act

# URLs without an act, each with its reason.
FOR_ANYBODY = {
    "login/": "whoever wants in",
    "password/first/<uidb64>/<token>/": "whoever holds the link; it works once",
    "language/": "the sign-in page speaks both languages",
    "health/": "for load balancers; says nothing",
    "receipts/keys.json": "public keys: whoever holds a receipt can check it",
    "help/api/": "what the API is like, to read",
    "api/v1/openapi.json": "what the API is like; says nothing of anybody",
    "api/v1/": "leads nowhere, and says so as the API does",
    "api/v1/<path:rest>": "leads nowhere, and says so as the API does",
}
# URLs for programs: a token opens them (tests/reporting/web/test_api.py), a session doesn't.
FOR_TOKENS = {
    "api/v1/packages": "read",
    "api/v1/packages/<sector>/<period>/workbook": "upload",
    "api/v1/packages/<sector>/<period>/submit": "submit",
    "api/v1/packages/<sector>/<period>/evidence": "read",  # and upload, to attach
    "api/v1/packages/<sector>/<period>/evidence/<int:id>": "upload to withdraw",
    "api/v1/uploads/<int:id>": "read",
}
METHODS = {"read": "GET", "upload to withdraw": "DELETE"}
FOR_ANY_PERSON = {
    "": "her own work",
    "waiting/": "how much of it",
    "search/": "what each thing's own act lets them see",
    "logout/": "her own session",
    "account/": "her own",
    "account/sessions/end/": "her own",
    "password/": "her own",
    "password/done/": "her own",
}


@dataclass(frozen=True)
class About:
    """What a URL is about: the arguments that lead to a thing of 甲's, and the act of looking at it."""

    view: Act
    arguments: Callable[[SimpleNamespace], dict[str, Any]]


def thing(name: str, view: Act) -> About:
    return About(view, lambda world: {"pk": getattr(world, name).pk})


NOTHING = None  # a list, a form, one's own: no thing that could be a stranger's
UNIT = thing("unit", Act.VIEW_UNIT)
A_PERSON = thing("person", Act.VIEW_PERSON)
ENTRY = thing("entry", Act.VIEW_DIRECTORY)
JOB = thing("job", Act.VIEW_JOB)
BULK = thing("bulk", Act.VIEW_BULK_UPLOAD)
PACKAGE = thing("package", Act.VIEW_PACKAGE)
SUBMISSION = thing("submission", Act.VIEW_PACKAGE)
PLAN = thing("plan", Act.VIEW_CONTROL_PLAN)
REPORT = thing("report", Act.VIEW_ANNUAL_REPORT)
VERIFICATION = thing("verification", Act.VIEW_VERIFICATION)
BALANCE_VALUE = thing("balance_value", Act.VIEW_BALANCE_VALUE)
RECOMPUTATION = thing("recomputation", Act.STUDY_BALANCE_VALUE)
RUN = thing("run", Act.VIEW_RUN)
A_LETTER = thing("letter", Act.VIEW_LETTER)
ACCOUNT = thing("account", Act.VIEW_ACCOUNT)
TRADES = thing("trade_import", Act.VIEW_TRADES)
SURRENDER = thing("surrender", Act.VIEW_SURRENDER)
MARK, RELEASE = thing("mark", Act.VIEW_DIFFERENTIATION), thing("release", Act.VIEW_DIFFERENTIATION)
DEDUCTION = thing("deduction", Act.VIEW_DEDUCTION)
OBJECTION = thing("objection", Act.VIEW_OBJECTION)
CHANGE = thing("change", Act.VIEW_PARAMETERS)
THRESHOLD = About(Act.VIEW_PARAMETERS, lambda world: {"book": "checks", "parameter": "change.month"})

URLS: dict[str, About | None] = {
    "registry/units/": NOTHING,
    "registry/units/table/": NOTHING,
    "registry/units/table/template/": NOTHING,
    "registry/units/table/enter/": NOTHING,
    "registry/units/one/": NOTHING,
    "registry/units/<int:pk>/": UNIT,
    "registry/my-year/": NOTHING,
    "registry/lines/<int:pk>/": thing("line", Act.VIEW_UNIT),
    "registry/directory/": NOTHING,
    "registry/directory/propose/": NOTHING,
    "registry/directory/propose/many/": NOTHING,
    "registry/directory/approve/": NOTHING,
    "registry/directory/<int:pk>/": ENTRY,
    "registry/directory/<int:pk>/exit/": ENTRY,
    "registry/directory/<int:pk>/withdraw/": ENTRY,
    "registry/directory/<int:pk>/decide/": ENTRY,
    "registry/people/": NOTHING,
    "registry/people/add/": NOTHING,
    "registry/people/table/": NOTHING,
    "registry/people/table/template/": NOTHING,
    "registry/people/approve/": NOTHING,
    "registry/people/refuse/": NOTHING,
    "registry/people/withdraw/": NOTHING,
    "registry/people/<int:pk>/end/": A_PERSON,
    "registry/people/<int:pk>/link/": A_PERSON,
    "registry/parameters/": NOTHING,
    "registry/working-days/": NOTHING,
    "registry/working-days/enter/": NOTHING,
    "registry/working-days/<int:pk>/": thing("working_year", Act.VIEW_PARAMETERS),
    "registry/working-days/<int:pk>/withdraw/": thing("working_year", Act.VIEW_PARAMETERS),
    "registry/working-days/<int:pk>/decide/": thing("working_year", Act.VIEW_PARAMETERS),
    "registry/parameters/changes/<int:pk>/": CHANGE,
    "registry/parameters/changes/<int:pk>/withdraw/": CHANGE,
    "registry/parameters/changes/<int:pk>/decide/": CHANGE,
    "registry/parameters/in/<slug:book>/<str:parameter>/": THRESHOLD,
    "registry/parameters/in/<slug:book>/<str:parameter>/propose/": THRESHOLD,
    "registry/journal/": NOTHING,
    "registry/acts/<int:sequence>/": About(Act.VIEW_ACT_RECEIPT, lambda world: {"sequence": world.done.sequence}),
    "registry/messages/": NOTHING,
    "registry/messages/read/": NOTHING,
    "registry/messages/e-mail/": NOTHING,
    "registry/messages/<int:pk>/open/": thing("notification", Act.VIEW_NOTIFICATION),
    "registry/mandates/": NOTHING,
    "registry/mandates/offer/": NOTHING,
    "registry/mandates/<int:pk>/accept/": thing("mandate", Act.VIEW_MANDATE),
    "registry/mandates/<int:pk>/end/": thing("mandate", Act.VIEW_MANDATE),
    "registry/tokens/": NOTHING,
    "registry/tokens/grant/": NOTHING,
    "registry/tokens/<int:pk>/revoke/": thing("token", Act.VIEW_TOKEN),
    "registry/jobs/": NOTHING,
    "registry/jobs/<int:pk>/": JOB,
    "registry/jobs/<int:pk>/progress/": JOB,
    "registry/jobs/<int:pk>/file/": JOB,
    "registry/views/save/": NOTHING,
    "registry/views/<int:pk>/rename/": thing("saved_view", Act.KEEP_VIEW),
    "registry/views/<int:pk>/delete/": thing("saved_view", Act.KEEP_VIEW),
    "allocation/quota/<int:pk>/<int:year>/<str:sector>/": About(
        Act.VIEW_UNIT, lambda world: {"pk": world.unit.pk, "year": 2025, "sector": "aluminium"}
    ),
    "reporting/packages/": NOTHING,
    "reporting/packages/board/": NOTHING,
    "reporting/packages/board/extend/": NOTHING,
    "reporting/packages/board/extend/confirm/": NOTHING,
    "reporting/packages/queue/": NOTHING,
    "reporting/packages/queue/own-day/": NOTHING,
    "reporting/packages/queue/own-day/set/": NOTHING,
    "reporting/packages/queue/accept/": NOTHING,
    "reporting/packages/queue/accept/ticked/": NOTHING,
    "reporting/packages/<int:pk>/versions/<int:version>/cells/": About(
        Act.VIEW_PACKAGE, lambda world: {"pk": world.package.pk, "version": 1}
    ),
    "reporting/packages/<int:pk>/compare/": PACKAGE,
    "reporting/packages/<int:pk>/reviewer/": PACKAGE,
    "reporting/packages/<int:pk>/notes/": PACKAGE,
    "reporting/submissions/<int:pk>/send-back/data/": SUBMISSION,
    "reporting/submissions/<int:pk>/ask/": SUBMISSION,
    "reporting/questions/<int:pk>/reply/": thing("question", Act.VIEW_PACKAGE),
    "reporting/questions/files/<int:pk>/": thing("reply_file", Act.VIEW_PACKAGE),
    "reporting/packages/bulk/": NOTHING,
    "reporting/packages/bulk/<int:pk>/": BULK,
    "reporting/packages/bulk/<int:pk>/progress/": BULK,
    "reporting/packages/bulk/<int:pk>/submit/": BULK,
    "reporting/packages/bulk/<int:pk>/choose/<int:number>/": About(
        Act.VIEW_BULK_UPLOAD, lambda world: {"pk": world.bulk.pk, "number": 1}
    ),
    "reporting/packages/bulk/<int:pk>/original/": BULK,
    "reporting/packages/<int:pk>/": PACKAGE,
    "reporting/packages/<int:pk>/versions/<int:version>/": About(
        Act.VIEW_PACKAGE, lambda world: {"pk": world.package.pk, "version": 1}
    ),
    "reporting/packages/<int:pk>/blank/": PACKAGE,
    "reporting/packages/<int:pk>/warnings/": PACKAGE,
    "reporting/packages/<int:pk>/upload/": PACKAGE,
    "reporting/packages/<int:pk>/correct/": PACKAGE,
    "reporting/packages/<int:pk>/correct/keep/": PACKAGE,
    "reporting/packages/<int:pk>/correct/discard/": PACKAGE,
    "reporting/packages/<int:pk>/reading/": PACKAGE,
    "reporting/packages/<int:pk>/check-again/": PACKAGE,
    "reporting/packages/<int:pk>/standing-still/": PACKAGE,
    "reporting/packages/<int:pk>/answers/": PACKAGE,
    "reporting/packages/<int:pk>/evidence/": PACKAGE,
    "reporting/evidence/<int:pk>/": thing("evidence", Act.VIEW_PACKAGE),
    "reporting/evidence/<int:pk>/withdraw/": thing("evidence", Act.VIEW_PACKAGE),
    "reporting/submissions/<int:pk>/submit/": SUBMISSION,
    "reporting/submissions/<int:pk>/accept/": SUBMISSION,
    "reporting/submissions/<int:pk>/send-back/": SUBMISSION,
    "reporting/submissions/<int:pk>/reopen/": SUBMISSION,
    "reporting/handed-over/<int:pk>/confirm/": thing("handing", Act.VIEW_DRAFT),
    "reporting/handed-over/<int:pk>/send-back/": thing("handing", Act.VIEW_DRAFT),
    "reporting/handed-over/<int:pk>/take-back/": thing("handing", Act.VIEW_DRAFT),
    "reporting/packages/units/<int:pk>/submitting/": UNIT,
    "reporting/packages/units/<int:pk>/submitting/choose/": UNIT,
    "reporting/receipts/verify/": NOTHING,
    "reporting/receipts/<int:pk>/": thing("receipt", Act.VIEW_PACKAGE),
    "reporting/receipts/<int:pk>/file/": thing("receipt", Act.VIEW_PACKAGE),
    "reporting/uploads/<int:pk>/": thing("upload", Act.VIEW_PACKAGE),
    "reporting/packages/units/<int:pk>/<int:year>/": About(
        Act.VIEW_UNIT, lambda world: {"pk": world.unit.pk, "year": 2025}
    ),
    "reporting/packages/units/<int:pk>/<str:sector>/<str:period>/open/": About(
        Act.VIEW_UNIT, lambda world: {"pk": world.unit.pk, "sector": "aluminium", "period": "2025-10"}
    ),
    "reporting/control-plans/": NOTHING,
    "reporting/control-plans/<int:pk>/": PLAN,
    "reporting/control-plans/<int:pk>/edit/": PLAN,
    "reporting/control-plans/<int:pk>/compare/": PLAN,
    "reporting/control-plans/<int:pk>/certificates/<str:sha256>/": About(
        Act.VIEW_CONTROL_PLAN, lambda world: {"pk": world.plan.pk, "sha256": world.meter_certificate}
    ),
    "reporting/control-plans/<int:pk>/submit/": PLAN,
    "reporting/control-plans/<int:pk>/accept/": PLAN,
    "reporting/control-plans/<int:pk>/send-back/": PLAN,
    "reporting/control-plans/<int:pk>/revise/": PLAN,
    "reporting/control-plans/units/<int:pk>/<str:sector>/<int:year>/open/": About(
        Act.VIEW_UNIT, lambda world: {"pk": world.unit.pk, "sector": "aluminium", "year": 2025}
    ),
    "reporting/packages/units/<int:pk>/<str:sector>/<str:period>/extend/": About(
        Act.VIEW_UNIT, lambda world: {"pk": world.unit.pk, "sector": "aluminium", "period": "2025-10"}
    ),
    "reporting/reports/units/<int:pk>/<str:sector>/<int:year>/": About(
        Act.VIEW_UNIT, lambda world: {"pk": world.unit.pk, "sector": "aluminium", "year": 2025}
    ),
    "reporting/reports/": NOTHING,
    "reporting/reports/<int:pk>/": REPORT,
    "reporting/reports/<int:pk>/file/": REPORT,
    "reporting/reports/<int:pk>/send-back-to-clerk/": REPORT,
    "reporting/reports/<int:pk>/send-back/": REPORT,
    "reporting/reports/<int:pk>/assign/": REPORT,
    "reporting/verifications/": NOTHING,
    "reporting/verifications/<int:pk>/": VERIFICATION,
    "reporting/verifications/<int:pk>/settle/": VERIFICATION,
    "reporting/verifications/<int:pk>/confirm-all/": VERIFICATION,
    "reporting/verifications/<int:pk>/conclude/": VERIFICATION,
    "reporting/verifications/<int:pk>/approve/": VERIFICATION,
    "reporting/verifications/<int:pk>/send-back/": VERIFICATION,
    "reporting/verifications/<int:pk>/take-back/": VERIFICATION,
    "reporting/verifications/<int:pk>/reassign/": VERIFICATION,
    "reporting/verifications/<int:pk>/notice/": VERIFICATION,
    "reporting/results/<int:pk>/": thing("result", Act.VIEW_VERIFIED_RESULT),
    "allocation/plans/": NOTHING,
    "allocation/plans/<slug:plan_id>/": About(Act.VIEW_PLAN, lambda world: {"plan_id": "2024-2025-final"}),
    "allocation/plans/<slug:plan_id>/beside/<slug:other_id>/": About(
        Act.VIEW_PLAN, lambda world: {"plan_id": "2024-2025-final", "other_id": "2026-draft"}
    ),
    "allocation/balance-values/": NOTHING,
    "allocation/balance-values/compute/": NOTHING,
    "allocation/balance-values/missing/": NOTHING,
    "allocation/balance-values/outliers/": NOTHING,
    "allocation/balance-values/outliers/confirm/": NOTHING,
    "allocation/balance-values/<int:pk>.json": BALANCE_VALUE,
    "allocation/balance-values/<int:pk>/left-out/": BALANCE_VALUE,
    "allocation/balance-values/<int:pk>/distribution/": BALANCE_VALUE,
    "allocation/balance-values/<int:pk>/sensitivity/": BALANCE_VALUE,
    "allocation/balance-values/<int:pk>/recompute/": BALANCE_VALUE,
    "allocation/balance-values/recomputations/<int:pk>/": RECOMPUTATION,
    "allocation/balance-values/recomputations/<int:pk>/progress/": RECOMPUTATION,
    "allocation/balance-values/<int:pk>/": BALANCE_VALUE,
    "allocation/balance-values/<int:pk>/progress/": BALANCE_VALUE,
    "allocation/balance-values/<int:pk>/withdraw/": BALANCE_VALUE,
    "allocation/balance-values/<int:pk>/publish/": BALANCE_VALUE,
    "allocation/runs/": NOTHING,
    "allocation/runs/board/": NOTHING,
    "allocation/runs/prepare/": NOTHING,
    "allocation/runs/scope/": NOTHING,
    "allocation/runs/<int:pk>/": RUN,
    "allocation/runs/<int:pk>/scope/": RUN,
    "allocation/runs/<int:pk>/awards/": RUN,
    "allocation/runs/<int:pk>/tables/": RUN,
    "allocation/runs/<int:pk>/progress/": RUN,
    "allocation/runs/<int:pk>/bundle/": RUN,
    "allocation/runs/<int:pk>/compare/": RUN,
    "allocation/runs/<int:pk>/approve/": RUN,
    "allocation/runs/<int:pk>/refuse/": RUN,
    "allocation/runs/<int:pk>/cancel/": RUN,
    "allocation/awards/<int:pk>/": thing("award", Act.VIEW_AWARD),
    "allocation/awards/<int:pk>.json": thing("award", Act.VIEW_AWARD),
    "allocation/objections/": NOTHING,
    "allocation/objections/draft/<int:pk>/": thing("settlement", Act.VIEW_AWARD),
    "allocation/objections/<int:pk>/": OBJECTION,
    "allocation/objections/<int:pk>/edit/": OBJECTION,
    "allocation/objections/<int:pk>/file/": OBJECTION,
    "allocation/objections/<int:pk>/send-back-to-clerk/": OBJECTION,
    "allocation/objections/<int:pk>/withdraw/": OBJECTION,
    "allocation/objections/<int:pk>/propose/": OBJECTION,
    "allocation/objections/<int:pk>/send-back/": OBJECTION,
    "allocation/objections/<int:pk>/decide/": OBJECTION,
    "allocation/deductions/": NOTHING,
    "allocation/deductions/enter/": NOTHING,
    "allocation/deductions/import/": NOTHING,
    "allocation/deductions/approve/": NOTHING,
    "allocation/deductions/<int:pk>/": DEDUCTION,
    "allocation/deductions/<int:pk>/file/": DEDUCTION,
    "allocation/deductions/<int:pk>/approve/": DEDUCTION,
    "allocation/deductions/<int:pk>/refuse/": DEDUCTION,
    "allocation/deductions/<int:pk>/take-back/": DEDUCTION,
    "allocation/deductions/<int:pk>/revoke/": DEDUCTION,
    "allocation/deductions/<int:pk>/revoke/approve/": DEDUCTION,
    "allocation/deductions/<int:pk>/revoke/refuse/": DEDUCTION,
    "allocation/deductions/<int:pk>/revoke/take-back/": DEDUCTION,
    "allocation/differentiated/": NOTHING,
    "allocation/differentiated/mark/": NOTHING,
    "allocation/differentiated/<int:pk>/": MARK,
    "allocation/differentiated/<int:pk>/approve/": MARK,
    "allocation/differentiated/<int:pk>/refuse/": MARK,
    "allocation/differentiated/<int:pk>/ask-lift/": MARK,
    "allocation/differentiated/<int:pk>/withdraw/": MARK,
    "allocation/differentiated/<int:pk>/lift/": MARK,
    "allocation/differentiated/<int:pk>/release/": MARK,
    "allocation/releases/<int:pk>/": RELEASE,
    "allocation/releases/<int:pk>/approve/": RELEASE,
    "allocation/releases/<int:pk>/withdraw/": RELEASE,
    "allocation/releases/<int:pk>/execute/": RELEASE,
    "allocation/releases/<int:pk>/refuse/": RELEASE,
    "allocation/releases/<int:pk>/refuse-execution/": RELEASE,
    "allocation/letters/": NOTHING,
    "allocation/letters/write/": NOTHING,
    "allocation/letters/<int:pk>/": A_LETTER,
    "allocation/letters/<int:pk>/tables/": A_LETTER,
    "allocation/letters/<int:pk>/check/": A_LETTER,
    "allocation/letters/<int:pk>/send/": A_LETTER,
    "allocation/letters/<int:pk>/discard/": A_LETTER,
    "allocation/letters/<int:pk>/prepare-issue/": A_LETTER,
    "allocation/letters/<int:pk>/execute-issue/": A_LETTER,
    "allocation/letters/<int:pk>/collect/": A_LETTER,
    "allocation/accounts/": NOTHING,
    "allocation/account/": NOTHING,
    "allocation/accounts/<int:pk>/": ACCOUNT,
    "allocation/accounts/<int:pk>/freeze/": ACCOUNT,
    "allocation/transactions/<int:pk>/": thing("transaction", Act.VIEW_ACCOUNT),
    "allocation/trades/": NOTHING,
    "allocation/trades/propose/": NOTHING,
    "allocation/trades/<int:pk>/": TRADES,
    "allocation/trades/<int:pk>/file/": TRADES,
    "allocation/trades/<int:pk>/progress/": TRADES,
    "allocation/trades/<int:pk>/execute/": TRADES,
    "allocation/trades/<int:pk>/withdraw/": TRADES,
    "allocation/trades/<int:pk>/refuse/": TRADES,
    "allocation/quota/": NOTHING,
    "allocation/quota/<int:pk>/": UNIT,
    "allocation/notices/": NOTHING,
    "allocation/notices/send/": NOTHING,
    "allocation/notices/<int:pk>/": thing("notice", Act.VIEW_NOTICE),
    "allocation/adjustments/<int:pk>/": thing("adjustment", Act.VIEW_NOTICE),
    "allocation/certificates/<int:pk>/": thing("certificate", Act.VIEW_CERTIFICATE),
    "allocation/compliance/": NOTHING,
    "allocation/consequences/": NOTHING,
    "allocation/surrenders/": NOTHING,
    # Their own unit's notice; the rival's clerk asks about the rival's.
    "allocation/surrenders/ask/<int:year>/": About(Act.REQUEST_SURRENDER, lambda world: {"year": 2025}),
    "allocation/surrenders/<int:pk>/": SURRENDER,
    "allocation/surrenders/<int:pk>/confirm/": SURRENDER,
    "allocation/surrenders/<int:pk>/approve/": SURRENDER,
    "allocation/surrenders/<int:pk>/execute/": SURRENDER,
    "allocation/surrenders/<int:pk>/refuse/": SURRENDER,
    "allocation/surrenders/<int:pk>/withdraw/": SURRENDER,
}
# A request is refused by whoever's step it is, so the mark says only who may look; an executed one is the registrar's.
STEP = {"allocation/surrenders/<int:pk>/refuse/": Act.EXECUTE_SURRENDER}
OPENS_A_PACKAGE = "reporting/packages/units/<int:pk>/<str:sector>/<str:period>/open/"
OWN_BY_YEAR = "allocation/surrenders/ask/<int:year>/"


def _addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Every URL pattern below: its route, its full name, its view."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.lookup_str, pattern.callback


ROUTES = {route: view for route, _name, view in _addresses(get_resolver())}


def act_of(route: str) -> Act | None:
    return getattr(ROUTES[route], "act", None)


def address(route: str, world: SimpleNamespace) -> str:
    """The route with 甲's thing filled in."""
    about = URLS.get(route)
    path = route
    for name, value in (about.arguments(world) if about else {}).items():
        start = path.index("<")
        end = path.index(">", start)
        assert path[start:end].endswith(f":{name}")
        path = path[:start] + str(value) + path[end + 1 :]
    return f"/{path}"
