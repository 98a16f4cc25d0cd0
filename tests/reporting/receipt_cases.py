"""Receipts, true ones and every kind of tampered one, with the checks that each must fail. Made without a database."""

import copy
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.journal.seals.signing import key_id
from registry.values.canonical import canonical, chained, digest, sha256
from reporting import receipts

WORKBOOK = b"PK the workbook, byte for byte"
EVIDENCE = b"%PDF a laboratory's report"
STRANGER = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)

Document = dict[str, Any]


def statement(**changes: Any) -> Document:
    return {
        "format": receipts.FORMAT,
        "kind": "accepted",
        "unit": {"credit_code": "91990000MA0TEST00X", "name": "虚构冶金有限公司"},
        "sector": "aluminium",
        "period": "2025-09",
        "version": 2,
        "workbook": {"name": "九月.xlsx", "size": len(WORKBOOK), "sha256": sha256(WORKBOOK)},
        "evidence": [
            {"name": "报告.pdf", "size": len(EVIDENCE), "sha256": sha256(EVIDENCE), "datum": "fuel:anode:ncv"}
        ],
        "content_sha256": "c" * 64,
        "emissions": 26_745,
        "submitted_at": "2025-10-01T01:00:00+00:00",
        "submitted_by": "unit_clerk",
        "late": False,
        "accepted_at": "2025-10-09T02:30:00+00:00",
        "accepted_by": "provincial_officer",
        **changes,
    }


def anchored(stated: Document) -> Document:
    """The receipt for a statement, at the 812th place of a journal."""
    content = {
        "sequence": 812,
        "at": "2025-10-09T02:30:00+00:00",
        "actor": 7,
        "act": "package.accepted",
        "subject_type": "reporting.package",
        "subject_id": "31",
        "unit": 4,
        "authority": 13,
        "facts": {"version": 2, "content": "a" * 64, "reason": "", "receipt": digest(stated)},
    }
    previous = "9" * 64
    place = {"sequence": 812, "hash": chained(previous, content), "previous_hash": previous, "content": content}
    return {**stated, "journal": place}


def sealed(receipt: Document) -> Document:
    """In the envelope, signed with the system's present key."""
    text, signature = receipts.seal({name: value for name, value in receipt.items() if name != "key_id"})
    return json.loads(receipts.written(text, signature.value, signature.public_key))


def true() -> Document:
    return sealed(anchored(statement()))


def signed_by_a_stranger(document: Document, **changes: Any) -> None:
    """Signed again, by a key that anybody could make."""
    public = STRANGER.public_key().public_bytes_raw()
    document["receipt"].update({"key_id": key_id(public), **changes})
    document["signature"] = b64encode(STRANGER.sign(canonical(document["receipt"]).encode())).decode()
    document["public_key"] = b64encode(public).decode()


def put(*path: str | int, to: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        target: Any = document
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = to

    return change


def flipped(document: Document) -> None:
    signature = bytearray(b64decode(document["signature"]))
    signature[10] ^= 1
    document["signature"] = b64encode(signature).decode()


def stolen_key(document: Document) -> None:
    """Whoever has the private key can sign other tonnes, but the journal's entry was made for these."""
    receipt = document["receipt"]
    document.update(sealed({**anchored(statement(emissions=1)), "journal": receipt["journal"]}))


def other_entry(document: Document) -> None:
    """A whole entry of the journal, but one that was made for something else."""
    document.update(sealed({**statement(), "journal": anchored(statement(version=1))["journal"]}))


def other_act(document: Document) -> None:
    """An entry that names the receipt, of another act."""
    place = anchored(statement())["journal"]
    place["content"]["act"] = "package.returned"
    place["hash"] = chained(place["previous_hash"], place["content"])
    document.update(sealed({**statement(), "journal": place}))


def other_place(document: Document) -> None:
    place = anchored(statement())["journal"]
    document.update(sealed({**statement(), "journal": {**place, "sequence": 813}}))


def nothing(document: Document) -> None:
    """As it was given."""


# name: (what was done to it, the checks that fail)
TAMPERED: dict[str, tuple[Callable[[Document], None], set[str]]] = {
    "as it was given": (nothing, set()),
    "other tonnes": (put("receipt", "emissions", to=26_744), {"signature", "statement"}),
    "another unit": (put("receipt", "unit", "name", to="别的公司"), {"signature", "statement"}),
    "lateness wiped off": (put("receipt", "late", to=True), {"signature", "statement"}),
    "an earlier day": (put("receipt", "submitted_at", to="2025-09-30T01:00:00+00:00"), {"signature", "statement"}),
    "never accepted": (put("receipt", "accepted_at", to=None), {"signature", "statement"}),
    "another kind": (put("receipt", "kind", to="submitted"), {"signature", "statement"}),
    "another workbook named": (
        put("receipt", "workbook", "sha256", to="0" * 64),
        {"signature", "statement", "workbook"},
    ),
    "another size named": (put("receipt", "workbook", "size", to=1), {"signature", "statement", "workbook"}),
    "other evidence named": (
        put("receipt", "evidence", 0, "sha256", to="0" * 64),
        {"signature", "statement", "evidence"},
    ),
    "evidence left out": (put("receipt", "evidence", to=[]), {"signature", "statement", "evidence"}),
    "other content": (put("receipt", "content_sha256", to="d" * 64), {"signature", "statement"}),
    "another hash in the journal": (put("receipt", "journal", "hash", to="0" * 64), {"signature", "journal"}),
    "another entry before it": (put("receipt", "journal", "previous_hash", to="0" * 64), {"signature", "journal"}),
    "another actor": (put("receipt", "journal", "content", "actor", to=8), {"signature", "journal"}),
    "other facts": (
        put("receipt", "journal", "content", "facts", to={}),
        {"signature", "journal", "statement"},
    ),
    "another place": (put("receipt", "journal", "sequence", to=1), {"signature", "statement"}),
    "a key's name that is none": (put("receipt", "key_id", to="0" * 16), {"signature", "key"}),
    "one bit of the signature": (flipped, {"signature"}),
    "a signature that is no base64": (put("signature", to="看"), {"signature"}),
    "no signature": (put("signature", to=""), {"signature"}),
    "a short key": (put("public_key", to="AAAA"), {"signature", "key"}),
    "a key that is no base64": (put("public_key", to="?"), {"signature", "key"}),
    "a stranger's signature": (signed_by_a_stranger, {"key"}),
    "a stranger's signature of other tonnes": (
        lambda document: signed_by_a_stranger(document, emissions=1),
        {"key", "statement"},
    ),
    "a stranger's key under our key's name": (
        lambda document: signed_by_a_stranger(document, key_id=document["receipt"]["key_id"]),
        {"key"},
    ),
    "other tonnes by a stolen key": (stolen_key, {"statement"}),
    "another entry by a stolen key": (other_entry, {"statement"}),
    "another act by a stolen key": (other_act, {"statement"}),
    "another sequence by a stolen key": (other_place, {"statement"}),
}


def tampered(name: str) -> tuple[bytes, set[str]]:
    """The file of a case, and the checks that it fails."""
    change, fails = TAMPERED[name]
    document = copy.deepcopy(true())
    change(document)
    return json.dumps(document, ensure_ascii=False).encode(), fails


def _with(*path: str | int, to: Any) -> Callable[[], bytes]:
    def make() -> bytes:
        document = true()
        put(*path, to=to)(document)
        return json.dumps(document).encode()

    return make


def _without(*path: str) -> Callable[[], bytes]:
    def make() -> bytes:
        document = true()
        target: Any = document
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]
        return json.dumps(document).encode()

    return make


def _deep() -> Any:
    inner: Any = 1
    for _ in range(14):
        inner = [inner]
    return inner


# name: a file that is no receipt at all
UNUSABLE: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "a workbook": lambda: b"PK\x03\x04\xff\xfe",
    "half of it": lambda: json.dumps(true()).encode()[:400],
    "UTF-16": lambda: json.dumps(true()).encode("utf-16"),
    "a list": lambda: b"[]",
    "null": lambda: b"null",
    "an empty object": lambda: b"{}",
    "a name that is none": lambda: b'{"": null}',
    "nested without end": lambda: b"[" * 100_000,
    "a number without end": lambda: b"9" * 10_000,
    "NaN": lambda: json.dumps(true()).replace("26745", "NaN").encode(),
    "a decimal": lambda: json.dumps(true()).replace("26745", "26745.0").encode(),
    "1e400": lambda: json.dumps(true()).replace("26745", "1e400").encode(),
    "half a character": lambda: json.dumps(true()).replace('"aluminium"', '"\\ud800"').encode(),
    "a name twice": lambda: json.dumps(true()).replace('"version": 2', '"version": 2, "version": 2', 1).encode(),
    "another format": _with("receipt", "format", to="quota-receipt/2"),
    "an unknown kind": _with("receipt", "kind", to="returned"),
    "more than a receipt": _with("receipt", "remark", to="x"),
    "more than an envelope": _with("remark", to="x"),
    "no journal": _without("receipt", "journal"),
    "no signature at all": _without("signature"),
    "text for a number": _with("receipt", "version", to="2"),
    "truth for a number": _with("receipt", "version", to=True),
    "a number beyond all": _with("receipt", "emissions", to=2**63),
    "a number for text": _with("receipt", "sector", to=1),
    "a list for text": _with("receipt", "unit", "name", to=[]),
    "an object for a list": _with("receipt", "evidence", to={}),
    "a short sha256": _with("receipt", "workbook", "sha256", to="0" * 63),
    "capitals in a sha256": _with("receipt", "workbook", "sha256", to="A" * 64),
    "no instant": _with("receipt", "submitted_at", to="yesterday"),
    "an instant without offset": _with("receipt", "submitted_at", to="2025-10-01T01:00:00"),
    "an instant beyond calendars": _with("receipt", "submitted_at", to="0001-01-01T00:00:00+14:00"),
    "facts nested too deep": _with("receipt", "journal", "content", "facts", "x", to=_deep()),
    "facts that are none": _with("receipt", "journal", "content", "facts", to=[]),
    "too large": lambda: json.dumps(true()).encode() + b" " * receipts.LIMIT_BYTES,
}
