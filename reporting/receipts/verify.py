"""What can be checked of a receipt without the system that gave it."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.journal.seals.signing import key_id
from registry.values.canonical import chained
from reporting.receipts.envelope import Envelope, UnusableReceiptError

__all__ = ["Check", "Given", "given", "not_given", "published_keys", "verify"]

# code: what it means that the check stands, that it fails, that it could not be made.
WORDS: dict[str, tuple[Promise, Promise, Promise]] = {
    "signature": (
        gettext_lazy("The signature is valid: the receipt has not been changed since it was signed."),
        gettext_lazy("The signature is invalid: the receipt was changed, or was signed by another party."),
        gettext_lazy("The signature was not checked."),
    ),
    "key": (
        gettext_lazy("The signing key is one of the system's published keys."),
        gettext_lazy("The signing key is not one of the system's published keys."),
        gettext_lazy("The key was not compared with the published ones."),
    ),
    "journal": (
        gettext_lazy("The hash of the journal's entry follows from its content and the entry before it."),
        gettext_lazy("The hash of the journal's entry does not follow from its content: the entry was changed."),
        gettext_lazy("The journal's entry was not checked."),
    ),
    "statement": (
        gettext_lazy("The journal's entry was made for this receipt."),
        gettext_lazy("The journal's entry was made for something else than what the receipt says."),
        gettext_lazy("The journal's entry was not compared with the receipt."),
    ),
    "workbook": (
        gettext_lazy("The workbook is the one that was submitted, byte for byte."),
        gettext_lazy("The workbook is not the one that was submitted."),
        gettext_lazy("The workbook was not checked: no file was given."),
    ),
    "evidence": (
        gettext_lazy("The file is among the evidence that was submitted, byte for byte."),
        gettext_lazy("No file of this name or content is among the evidence that was submitted."),
        gettext_lazy("The evidence was not checked: no file was given."),
    ),
    "chain": (
        gettext_lazy("The journal still holds this entry, unchanged."),
        gettext_lazy("The journal does not hold this entry."),
        gettext_lazy("The entry was not looked up in the journal."),
    ),
}

ALTERED = gettext_lazy(
    "A file of this name was submitted with other content: this one was altered, or is another version."
)


@dataclass(frozen=True, slots=True)
class Check:
    """One check and whether it stands; None: not made. `about` names the file where there can be several.

    `altered`: of evidence that fails, whether the receipt names a file of that name.
    """

    code: str
    stands: bool | None
    about: str = ""
    altered: bool = False

    @property
    def words(self) -> str:
        return str(ALTERED if self.altered else WORDS[self.code][2 if self.stands is None else 0 if self.stands else 1])

    @property
    def text(self) -> str:
        return f"{self.about}: {self.words}" if self.about else self.words


@dataclass(frozen=True, slots=True)
class Given:
    """A file to be compared with what the receipt says of it."""

    name: str
    size: int
    sha256: str


def given(name: str, chunks: Iterable[bytes]) -> Given:
    """A file read piece by piece."""
    hashed, size = hashlib.sha256(), 0
    for chunk in chunks:
        hashed.update(chunk)
        size += len(chunk)
    return Given(name, size, hashed.hexdigest())


def published_keys(data: bytes) -> dict[str, bytes]:
    """The keys of a keys.json, raw, by id; raises UnusableReceiptError."""
    try:
        keys = [b64decode(key["public_key"], validate=True) for key in json.loads(data)["keys"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UnusableReceiptError(_("The file of published keys can't be read.")) from error
    return {key_id(key): key for key in keys}


def verify(
    envelope: Envelope,
    published: Mapping[str, bytes],
    workbook: Given | None = None,
    evidence: Sequence[Given] = (),
    holds: Callable[[int, str], bool] | None = None,
) -> list[Check]:
    """Every check; the receipt stands where none is False. `holds` asks the journal for an entry by sequence and hash."""
    receipt = envelope.receipt
    entry = receipt["journal"]
    checks = [
        Check("signature", _signed(envelope)),
        Check("key", published.get(receipt["key_id"]) == envelope.public_key != b""),
        Check("journal", chained(entry["previous_hash"], entry["content"]) == entry["hash"]),
        Check("statement", _names(entry, envelope)),
        Check("workbook", None if workbook is None else _same(workbook, receipt["workbook"])),
    ]
    checks += [_evidence(file, receipt["evidence"]) for file in evidence]
    if receipt["evidence"] and not evidence:
        checks.append(Check("evidence", None))
    if holds is not None:
        checks.append(Check("chain", holds(entry["sequence"], entry["hash"])))
    return checks


def not_given(envelope: Envelope, evidence: Sequence[Given]) -> list[str]:
    """The names of the evidence that the receipt names and nobody gave, not even altered."""
    named = envelope.receipt["evidence"]
    altered = {file.name for file in evidence if _evidence(file, named).altered}
    given = (known for known in named if any(_same(file, known) for file in evidence))
    found = {(known["sha256"], known["size"]) for known in given}
    return [
        known["name"]
        for known in named
        if (known["sha256"], known["size"]) not in found and known["name"] not in altered
    ]


def _evidence(file: Given, named: Sequence[dict[str, Any]]) -> Check:
    stands = any(_same(file, known) for known in named)
    return Check(
        "evidence", stands, file.name, altered=not stands and any(known["name"] == file.name for known in named)
    )


def _signed(envelope: Envelope) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(envelope.public_key).verify(envelope.signature, envelope.text.encode())
    except (InvalidSignature, ValueError):  # ValueError: no key at all
        return False
    return True


def _names(entry: dict[str, Any], envelope: Envelope) -> bool:
    content = entry["content"]
    said = (content["sequence"], content["act"], content["facts"].get("receipt"))
    return said == (entry["sequence"], f"package.{envelope.receipt['kind']}", envelope.statement_digest)


def _same(file: Given, known: dict[str, Any]) -> bool:
    return (file.sha256, file.size) == (known["sha256"], known["size"])
