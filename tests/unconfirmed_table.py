"""Addresses that are posted to and done at once, each with the reason why no page stands before it (registry.web.confirming).

Whoever adds an act either gives it that page (`act_on(…, asks=…)`) or writes its reason here; tests/test_consequential_acts.py sees to it.
An act that changes whose quota it is, what counts as reported or verified, or what is owed is never listed here.
"""

# What was typed says it all, the form is the page, and a refused form comes back filled.
_FORM = "a form of its own says what is proposed; a second person sees it before it counts"
_REASON = "a reason is typed first, nothing of record is gained or lost, and it can be handed in again"
_OWN = "takes back what the same person or unit handed in and nobody has decided"
_DRAFT = "changes a draft only, which counts for nothing until it is handed in"
_LOOK = "a choice of what to look at: changes nothing"
_JOB = "asks for a computation whose outcome is then decided on by itself"

UNCONFIRMED: dict[str, str] = {
    # Looking
    "allocation/balance-values/": _LOOK,
    "allocation/letters/<int:pk>/check/": "compares a file, keeps nothing",
    "allocation/runs/board/": _LOOK,
    "allocation/runs/scope/": _LOOK,
    "reporting/receipts/verify/": "compares a file, keeps nothing",
    "language/": "the language of the person's own pages",
    "registry/messages/<int:pk>/open/": "marks one's own message as read",
    "registry/messages/read/": "marks one's own messages as read",
    "registry/messages/e-mail/": "whether e-mails come, which can be changed at any time",
    "account/": "one's own account",
    "account/sessions/end/": "signs one out elsewhere",
    "registry/views/save/": "a list as one likes to see it",
    "registry/views/<int:pk>/rename/": "a list as one likes to see it",
    "registry/views/<int:pk>/delete/": "a list as one likes to see it",
    # Drafts and files before they are handed in
    "reporting/control-plans/<int:pk>/edit/": _DRAFT,
    "reporting/control-plans/<int:pk>/revise/": _DRAFT,
    "reporting/control-plans/units/<int:pk>/<str:sector>/<int:year>/open/": _DRAFT,
    "reporting/evidence/<int:pk>/withdraw/": _DRAFT,
    "reporting/packages/<int:pk>/answers/": _DRAFT,
    "reporting/packages/<int:pk>/check-again/": _DRAFT,
    "reporting/packages/<int:pk>/correct/": _DRAFT,
    "reporting/packages/<int:pk>/correct/discard/": _DRAFT,
    "reporting/packages/<int:pk>/correct/keep/": _DRAFT,
    "reporting/packages/<int:pk>/evidence/": _DRAFT,
    "reporting/packages/<int:pk>/standing-still/": _DRAFT,
    "reporting/packages/<int:pk>/upload/": _DRAFT,
    "reporting/packages/bulk/": _DRAFT,
    "reporting/packages/bulk/<int:pk>/choose/<int:number>/": _DRAFT,
    "reporting/packages/units/<int:pk>/<str:sector>/<str:period>/open/": _DRAFT,
    "reporting/reports/units/<int:pk>/<str:sector>/<int:year>/": "prepares a report, which counts once it is filed",
    "reporting/verifications/<int:pk>/settle/": "the verifier's working copy until it is concluded",
    "reporting/verifications/<int:pk>/confirm-all/": "the verifier's working copy until it is concluded",
    "allocation/objections/draft/<int:pk>/": _DRAFT,
    "allocation/objections/<int:pk>/edit/": _DRAFT,
    "allocation/letters/write/": "drafts a letter, which is shown whole before it is sent",
    # Proposals, which a second person sees before they count
    "allocation/deductions/enter/": _FORM,
    "allocation/deductions/import/": _FORM,
    "allocation/deductions/<int:pk>/revoke/": _FORM,
    "allocation/differentiated/mark/": _FORM,
    "allocation/differentiated/<int:pk>/ask-lift/": _FORM,
    "allocation/differentiated/<int:pk>/release/": _FORM,
    "allocation/objections/<int:pk>/propose/": _FORM,
    "allocation/trades/propose/": _FORM,
    "registry/directory/propose/": _FORM,
    "registry/directory/<int:pk>/exit/": _FORM,
    "registry/mandates/offer/": "a form of its own; it opens nothing until the other unit accepts it",
    "registry/parameters/in/<slug:book>/<str:parameter>/propose/": _FORM,
    "registry/working-days/enter/": _FORM,
    # Computations
    "allocation/balance-values/<int:pk>/recompute/": "hypothetical: changes nothing of record",
    "allocation/balance-values/compute/": _JOB,
    "allocation/runs/prepare/": _JOB,
    "allocation/balance-values/outliers/confirm/": "a reason is typed at the very figure; the computation shows it again",
    # Sending back and refusing, with a reason; taking back one's own
    "allocation/deductions/<int:pk>/refuse/": _REASON,
    "allocation/deductions/<int:pk>/revoke/refuse/": _REASON,
    "allocation/differentiated/<int:pk>/refuse/": _REASON,
    "allocation/objections/<int:pk>/send-back-to-clerk/": _REASON,
    "allocation/objections/<int:pk>/send-back/": _REASON,
    "allocation/releases/<int:pk>/refuse/": _REASON,
    "allocation/releases/<int:pk>/refuse-execution/": _REASON,
    "allocation/runs/<int:pk>/refuse/": _REASON,
    "allocation/surrenders/<int:pk>/refuse/": _REASON,
    "allocation/trades/<int:pk>/refuse/": _REASON,
    "reporting/control-plans/<int:pk>/send-back/": _REASON,
    "reporting/reports/<int:pk>/send-back-to-clerk/": _REASON,
    "reporting/reports/<int:pk>/send-back/": _REASON,
    "reporting/submissions/<int:pk>/send-back/": _REASON,
    "reporting/submissions/<int:pk>/send-back/data/": _REASON,
    "reporting/verifications/<int:pk>/send-back/": _REASON,
    "reporting/verifications/<int:pk>/take-back/": "a reason is typed first; nothing was approved on it yet",
    "reporting/verifications/<int:pk>/reassign/": "a form of its own, with the reason; nothing was concluded yet",
    "reporting/submissions/<int:pk>/ask/": "asks a question; the month stays under review",
    "reporting/questions/<int:pk>/reply/": "answers a question; the month stays under review",
    "allocation/balance-values/<int:pk>/withdraw/": _OWN,
    "allocation/deductions/<int:pk>/take-back/": _OWN,
    "allocation/deductions/<int:pk>/revoke/take-back/": _OWN,
    "allocation/differentiated/<int:pk>/withdraw/": _OWN,
    "allocation/letters/<int:pk>/discard/": "a reason is typed first; nothing was sent, and its runs await another letter",
    "allocation/objections/<int:pk>/withdraw/": _OWN,
    "allocation/releases/<int:pk>/withdraw/": _OWN,
    "allocation/runs/<int:pk>/cancel/": "nothing was approved on it; it can be prepared again",
    "allocation/surrenders/<int:pk>/withdraw/": _OWN,
    "allocation/trades/<int:pk>/withdraw/": _OWN,
    "registry/directory/<int:pk>/withdraw/": _OWN,
    "registry/parameters/changes/<int:pk>/withdraw/": _OWN,
    "registry/tokens/grant/": "a form of its own; the token can be revoked at any time",
    "reporting/packages/units/<int:pk>/<str:sector>/<str:period>/extend/": "a form of its own, with the reason and both days",
}

# Acts whose own page shows the figures, what follows and the button together: a second page would only repeat it.
ITS_OWN_PAGE: dict[str, str] = {
    "allocation/deductions/approve/": "every decision beside its unit's quota, with the totals and one button",
    "allocation/surrenders/ask/<int:year>/": "a form with the duty, the holdings and what is lacking; it is confirmed next",
    "registry/directory/<int:pk>/decide/": "a choice between approving and refusing, made beside what is proposed",
    "registry/directory/approve/": "every proposal ticked by itself, with its ground",
    "registry/directory/propose/many/": "proposals, each ticked, which a second person decides on",
    "registry/parameters/changes/<int:pk>/decide/": "a choice between approving and refusing, made beside the change and its effect",
    "registry/working-days/<int:pk>/decide/": "a choice between approving and refusing, made beside the days and the notice",
    "registry/units/one/": "a form of its own; nothing follows for the unit until it is in a directory",
    "registry/units/table/": "a table is looked at, nothing is kept",
    "registry/units/table/enter/": "the page before it shows row by row what the table would change",
    "reporting/control-plans/<int:pk>/accept/": "the plan is read value by value on that page, and a change of it is a new version",
    "reporting/packages/queue/accept/": "every month is ticked by itself; it can be reopened until the annual report is filed",
    "reporting/reports/<int:pk>/assign/": "a form of its own; until the body has begun it can be given to another",
    "reporting/submissions/<int:pk>/accept/": "that page is the month with its findings; it can be reopened",
}
