"""What the OpenAPI document says in English, for the catalogue: the page that shows it speaks the reader's language.

tests/reporting/test_api_docs.py compares it with the document.
"""

from django.utils.translation import gettext_noop as _

__all__ = ["ERRORS", "FIELDS", "SENTENCES"]

SENTENCES = (
    _("The unit's packages"),
    _(
        "Every period that was begun or that the directory asks for, latest first. `unit` is a credit code; by default your own."
    ),
    _("Upload a workbook"),
    _(
        "The body is the .xlsx itself; its name may stand in `Content-Disposition`. 202 with `Location`: it is kept and will be read. "
        "The same bytes sent again are the same upload: 200 with the same id. Those of an earlier version make it the current one "
        "again: then `known_as` is its number."
    ),
    _("What became of an upload"),
    _("Ask every few seconds until `state` is `read` or `failed`. Findings and terms are in `outcome`."),
    _("Submit a version"),
    _(
        "Answers its warnings and submits the version; all of it or nothing. The version must be the package's current one. Where the "
        "unit's approver confirms its months, it is handed over to them: `state` stays `read`, and `handed_over` is `true`."
    ),
    _("The supporting files that a package needs and has"),
    _(
        "Every kind of supporting file of the period, with the files that stand now; after the submission, those that went with it."
    ),
    _("Attach a supporting file"),
    _(
        "The body is the file itself; its name stands in `Content-Disposition`. `covers`, repeated, are codes of the checklist; a file "
        "that the workbook names needs none. `reason`: why a file of another package of the unit serves here, too. The same bytes "
        "sent again are the same file: 200 with the same id, unless they are to support more than they do."
    ),
    _("Withdraw a supporting file"),
    _("While the package takes files. What was submitted with it keeps it."),
    _(
        "One period of one unit and sector. `version` is the current one's number, `null` before a workbook was read; `errors` are its "
        "findings that block."
    ),
    _(
        "`code` is for programs and never changes; `message` and `remedy` are for people, in the language of `Accept-Language`."
    ),
    _("A workbook that was taken in; `outcome` is there once it was read, in the shape of `read_workbook --json`."),
    _(
        "What the current version needs beside the files; `unattached` are names that the workbook gives and no file has."
    ),
    _("A supporting file; `covers` are codes of what it supports."),
    _(
        "A kind of supporting file; `files` are ids. `needed` is `null` as long as no workbook says what the period states."
    ),
)
FIELDS = {
    "unit": _(
        "The unit's credit code; by default the token's own unit. Another unit's where it has given yours a mandate."
    ),
    "year": _("Only this year's periods."),
    "sector": _("`steel`, `cement`, `aluminium` or `flat_glass`"),
    "period": _("The month, such as 2026-03, or the year of sectors without months."),
    "id": _("The number that the answer to the upload gave."),
    "covers": _("Codes of the checklist that the file supports; may be repeated."),
    "reason": _("Why a file that another package has serves here, too."),
}
ERRORS = (
    ("400", "unreadable, bad_request", _("The request or its body can't be understood.")),
    ("401", "token_invalid", _("The token is missing, wrong, expired or revoked.")),
    ("403", "scope_missing", _("The token may not do that.")),
    ("404", "not_found", _("There is no such thing, or it is not yours.")),
    ("405", "method_not_allowed", _("The address does not take this method.")),
    ("409", "refused", _("It was refused; `message` says why and what to do.")),
    ("413", "too_large", _("The file is too large.")),
    ("415", "wrong_type", _("The file is not declared as one of the kinds that are taken.")),
    ("422", "invalid, empty", _("The request does not have the shape described here, or has no body.")),
    ("429", "too_many", _("Too many requests: wait as many seconds as `Retry-After` says.")),
    ("500", "internal", _("A fault of this system; nothing was kept.")),
    ("503", "storage_full", _("Nothing can be stored at the moment: wait as many seconds as `Retry-After` says.")),
)
