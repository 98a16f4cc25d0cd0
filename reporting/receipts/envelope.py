"""A receipt in its envelope: written, and read back from whatever somebody sends in its place.

A *statement* says what was submitted, of which unit, when. The journal's entry holds the statement's digest. The *receipt* is the
statement with its place in the journal and the id of the signing key. The *envelope* is the receipt with the signature of its
canonical JSON, and the public key.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from registry.journal.seals import signing
from registry.values.canonical import canonical, digest
from reporting.receipts.shape import ENVELOPE, FORMAT, fault

__all__ = ["FORMAT", "LIMIT_BYTES", "Envelope", "UnusableReceiptError", "parse", "seal", "written"]

# A thousand evidence files still fit; nothing larger is read into memory.
LIMIT_BYTES = 1024 * 1024

# What the receipt has beside its statement.
_ANCHORS = ("journal", "key_id")


class UnusableReceiptError(Exception):
    """A file that is no receipt at all; the message says why."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A receipt of the right shape; whether it is true, `verify` says. Undecodable signatures and keys are empty."""

    receipt: dict[str, Any]
    text: str  # its canonical JSON, which was signed
    signature: bytes
    public_key: bytes

    @property
    def statement_digest(self) -> str:
        """What the journal's entry must name."""
        return digest({name: value for name, value in self.receipt.items() if name not in _ANCHORS})


def seal(receipt: dict[str, Any]) -> tuple[str, signing.Signature]:
    """The receipt's canonical JSON with the present key's id in it, and the signature of that."""
    key = signing.present()
    text = canonical({**receipt, "key_id": key.id})
    return text, key.sign(text.encode())


def written(text: str, signature: bytes, public_key: bytes) -> str:
    """The envelope as it is handed out; signature and key in base64."""
    envelope = {
        "receipt": json.loads(text),
        "signature": b64encode(signature).decode(),
        "public_key": b64encode(public_key).decode(),
    }
    return json.dumps(envelope, ensure_ascii=False, indent=2) + "\n"


def parse(data: bytes) -> Envelope:
    """Read an envelope; raises UnusableReceiptError for everything that isn't one."""
    if len(data) > LIMIT_BYTES:
        raise UnusableReceiptError(_("The file is too large to be a receipt."))
    try:
        document = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_float=_refuse, parse_constant=_refuse
        )
        canonical(document).encode()
    except (ValueError, RecursionError) as error:
        raise UnusableReceiptError(_("The file is not JSON of the form used in receipts.")) from error
    if place := fault(document, ENVELOPE):
        raise UnusableReceiptError(_("The file is not a receipt of this system: see “%(place)s”.") % {"place": place})
    receipt = document["receipt"]
    return Envelope(receipt, canonical(receipt), _bytes(document["signature"]), _bytes(document["public_key"]))


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return b""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON that says a thing twice says it differently to different readers."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _refuse(text: str) -> None:
    raise ValueError(text)
