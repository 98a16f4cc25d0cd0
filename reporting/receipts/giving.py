"""Receipts are given for what is submitted and accepted, and looked after."""

from collections.abc import Iterable
from typing import Any

from registry import files, journal
from registry.journal.seals import signing
from registry.models import JournalEntry
from reporting import evidence, receipts
from reporting.models import Evidence, PackageEvent, Receipt, Submission
from reporting.submissions import accounted_digest

__all__ = ["envelope_of", "evidence_of", "faults_of", "give", "statement_of"]


def statement_of(event: PackageEvent, supporting: Iterable[Evidence] | None = None) -> dict[str, Any]:
    """What the receipt for the event will state; its digest belongs into the journal's entry of the event (`receipt=…`).

    Seats are named by their role, natural persons never. `supporting` are the files that went with it, where they are at hand. What was
    accounted is stated as it was when the version was stored: whatever was changed since, `faults_of` finds.
    """
    package, submission = event.package, event.submission
    accepted = event.kind == PackageEvent.Kind.ACCEPTED
    handed_in = package.submitted_by, package.submitted_at
    if handed_in[0] is None or handed_in[1] is None:
        raise ValueError(f"package {package.pk} was never submitted")
    return {
        "format": receipts.FORMAT,
        "kind": event.kind,
        "unit": {"credit_code": package.unit.credit_code, "name": package.unit.name},
        "sector": package.sector,
        "period": package.period,
        "version": submission.version,
        "workbook": {
            "name": submission.upload.name,
            "size": submission.upload.size,
            "sha256": submission.upload.sha256,
        },
        "evidence": evidence_of(event, supporting),
        "content_sha256": submission.accounted or accounted(submission),
        "emissions": submission.emissions,
        "submitted_at": journal.instant(handed_in[1]),
        "submitted_by": handed_in[0].role,
        "late": package.late,
        "accepted_at": journal.instant(event.at) if accepted else None,
        "accepted_by": event.by.role if accepted else None,
    }


def give(event: PackageEvent, statement: dict[str, Any], entry: JournalEntry) -> Receipt:
    """Sign the statement with its place in the journal; in the transaction of the act, after its entry."""
    place = {
        "sequence": entry.sequence,
        "hash": entry.hash,
        "previous_hash": entry.previous_hash,
        "content": journal.content_of(entry),
    }
    body, signature = receipts.seal({**statement, "journal": place})
    return Receipt.objects.create(
        event=event,
        package_id=event.package_id,
        entry=entry,
        body=body,
        key_id=signature.key_id,
        public_key=signature.public_key,
        signature=signature.value,
    )


def evidence_of(event: PackageEvent, supporting: Iterable[Evidence] | None = None) -> list[dict[str, Any]]:
    """The supporting files with which was submitted what the event is about; `datum` names the kinds of evidence they stand for."""
    went = evidence.of_submission(event.submission, until=event) if supporting is None else supporting
    return [
        {"name": file.name, "size": file.size, "sha256": file.sha256, "datum": ", ".join(file.covers)} for file in went
    ]


def accounted(submission: Submission) -> str:
    """sha256 of what was accounted, as it is stored now: content, terms, totals, lines. Two queries."""
    lines = {row.line.code: row for row in submission.line_totals.select_related("line")}
    return accounted_digest.accounted(submission, submission.terms.order_by("number"), lines)


def envelope_of(receipt: Receipt) -> str:
    """The file that is handed out."""
    return receipts.written(receipt.body, bytes(receipt.signature), bytes(receipt.public_key))


def faults_of(receipt: Receipt) -> list[str]:
    """Which checks a receipt of ours fails: those that anybody can make, and whether what is stored is still what it states.

    Beside the codes of reporting.receipts: "chain" the journal's entry, "stored" the bytes of the workbook and of the evidence,
    "content" what was accounted, "evidence" the files that went with it.
    """
    try:
        envelope = receipts.parse(envelope_of(receipt).encode())
    except (receipts.UnusableReceiptError, ValueError):
        return ["form"]
    entry = receipt.entry
    checks = receipts.verify(
        envelope, signing.public_keys(), holds=lambda _sequence, hash: entry.hash == hash and journal.is_whole(entry)
    )
    faults = [check.code for check in checks if check.stands is False]
    submission = receipt.event.submission
    try:
        for file in (envelope.receipt["workbook"], *envelope.receipt["evidence"]):
            files.read(file["sha256"])
    except files.DamagedFileError:
        faults.append("stored")
    now = accounted(submission)
    if now != envelope.receipt["content_sha256"] or submission.accounted not in (None, now):
        faults.append("content")
    if evidence_of(receipt.event) != envelope.receipt["evidence"]:
        faults.append("evidence")
    return faults
