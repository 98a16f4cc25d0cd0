"""What `manage.py verify_all` looks at in reporting: results, what submissions were accounted to, receipts, their keys, stored files."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import files
from registry.integrity import verifying
from registry.integrity.verifying import Fault, Looked
from registry.journal.seals import signing
from registry.values.bilingual import listed
from reporting.evidence import plan_certificates
from reporting.models import BulkUpload, Evidence, Receipt, ReplyFile, Submission, Upload, VerifiedResult
from reporting.receipts import giving as receipting
from reporting.verification import results

__all__ = ["looked_at_files", "name"]

STEP = 200
M = TypeVar("M", bound=Model)


def looked_at_files(digests: Iterable[str]) -> Looked:
    """Whether each stored file is there and still is what was stored."""
    looked = Looked()
    for digest in sorted({digest for digest in digests if digest}):
        looked.checked += 1
        try:
            files.read(digest)
        except files.DamagedFileError as error:
            looked.faults.append(Fault(digest, str(error)))
    return looked


def _results() -> Looked:
    keys = list(VerifiedResult.objects.order_by("pk").values_list("pk", flat=True))
    departed = [row for start in range(0, len(keys), STEP) for row in results.departures(keys[start : start + STEP])]
    said = _("is not what the journal's entry of its approval says")
    return Looked(len(keys), [Fault(f"reporting.verifiedresult {row.pk}", said) for row in departed])


def _submissions() -> Looked:
    looked, unsaid = Looked(), 0
    for row in _each(Submission.objects.all()):
        looked.checked += 1
        if row.accounted is None:
            unsaid += 1
        elif receipting.accounted(row) != row.accounted:
            said = _("content, terms, totals or lines are not those that were stored")
            looked.faults.append(Fault(f"reporting.submission {row.pk}", said))
    if unsaid:
        looked.notes.append(_("%(count)d versions were stored before their accounts were digested") % {"count": unsaid})
    return looked


def _receipts() -> Looked:
    looked = Looked()
    for row in _each(Receipt.objects.select_related("entry", "package__unit", "event__submission")):
        looked.checked += 1
        if found := receipting.faults_of(row):
            said = _("fails: %(checks)s") % {"checks": listed(found)}
            looked.faults.append(Fault(f"reporting.receipt {row.pk}", said))
    return looked


def _keys() -> Looked:
    used = set(Receipt.objects.order_by().values_list("key_id", flat=True).distinct())
    looked = Looked(len(used))
    if used and not signing.is_there():
        looked.faults.append(Fault("keys/signing.pem", _("the private key is missing: receipts were given with one")))
    looked.faults += [
        Fault(f"keys/public/{key}", _("the public key is missing: receipts were given with it"))
        for key in signing.lacking(used)
    ]
    return looked


def _files() -> Looked:
    stored = (Upload, Evidence, ReplyFile, BulkUpload)
    rows = (
        digest for model in stored for digest in model.objects.order_by().values_list("sha256", flat=True).distinct()
    )
    return looked_at_files(chain(rows, plan_certificates.digests()))


def _each(rows: QuerySet[M]) -> Iterator[M]:
    """By the chunk: SQLite lets nobody write while it has an open cursor on an older state."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:STEP]):
        yield from chunk
        last = chunk[-1].pk


def name() -> None:
    """Offer them; asked for when the app is ready."""
    verifying.offer("results", gettext_lazy("Verified results"), _results)
    verifying.offer("submissions", gettext_lazy("What submissions were accounted to"), _submissions)
    verifying.offer("receipts", gettext_lazy("Receipts"), _receipts)
    verifying.offer("keys", gettext_lazy("Keys that receipts were signed with"), _keys)
    verifying.offer("files", gettext_lazy("Stored files: workbooks, evidence, archives"), _files)
