#!/usr/bin/env python3
"""Check a receipt of the carbon quota administration, offline, without any of its software.

    python3 verify_receipt.py RECEIPT.json --keys keys.json [--workbook BOOK.xlsx] [--evidence FILE ...]

Needs Python 3.11 or newer and `cryptography` (pip install cryptography). keys.json are the published keys, from /receipts/keys.json
of the site; get them from there, or from whoever you trust, not from whoever gave you the receipt.

Exit 0: all that was checked stands. 1: a check failed. 2: a file can't be used.
"""

import argparse
import datetime as dt
import hashlib
import json
import re
import sys
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Leaf = Callable[[Any], bool]

FORMAT = "quota-receipt/1"
LIMIT_BYTES = 1024 * 1024
MOST_LEVELS = 12

WORDS = {
    "signature": "the receipt is as it was signed",
    "key": "the key that signed is one of the published keys",
    "journal": "the hash of the journal's entry follows from its content and the entry before it",
    "statement": "the journal's entry was made for this receipt",
    "workbook": "the workbook is the one that was submitted",
    "evidence": "the file is among the evidence that was submitted",
}


class Unusable(Exception):
    """A file that is not what it should be."""


def canonical(content: Any) -> bytes:
    """The bytes that are signed and hashed: keys sorted, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sha256(content: Any) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def read(path: Path) -> dict:
    """The envelope in the file."""
    with path.open("rb") as stream:
        data = stream.read(LIMIT_BYTES + 1)
    if len(data) > LIMIT_BYTES:
        raise Unusable(f"{path}: too large to be a receipt")
    try:
        text = data.decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse)
        canonical(document)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{path}: not JSON as receipts are written in") from error
    if place := departs(document, ENVELOPE, "envelope"):
        raise Unusable(f"{path}: not a receipt, see {place}")
    return document


def unique(pairs: list) -> dict:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def refuse(number: str) -> None:
    raise ValueError(f"{number}: receipts hold whole numbers only")


def departs(value: Any, shape: Any, place: str) -> str:
    """The place at which a document departs from the shape, "" if nowhere."""
    if isinstance(shape, dict):
        if not isinstance(value, dict) or value.keys() != shape.keys():
            return place
        return next(filter(None, (departs(value[name], shape[name], f"{place}.{name}") for name in shape)), "")
    if isinstance(shape, list):
        if not isinstance(value, list):
            return place
        return next(filter(None, (departs(each, shape[0], f"{place}[]") for each in value)), "")
    return "" if shape(value) else place


def text(value: Any) -> bool:
    return isinstance(value, str)


def whole(value: Any) -> bool:
    return type(value) is int and -(2**63) <= value < 2**63


def hexadecimal(length: int) -> Leaf:
    return lambda value: text(value) and re.fullmatch(rf"[0-9a-f]{{{length}}}", value) is not None


def instant(value: Any) -> bool:
    try:
        moment = dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return moment.tzinfo is not None and 2000 <= moment.year < 3000


def maybe(leaf: Leaf) -> Leaf:
    return lambda value: value is None or leaf(value)


def facts(value: Any) -> bool:
    return isinstance(value, dict) and not deeper(value, MOST_LEVELS)


def deeper(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or deeper(each, levels - 1) for each in inner)


FILE = {"name": text, "size": whole, "sha256": hexadecimal(64)}
CONTENT = {
    "sequence": whole,
    "at": instant,
    "actor": maybe(whole),
    "act": text,
    "subject_type": text,
    "subject_id": text,
    "unit": maybe(whole),
    "authority": maybe(whole),
    "facts": facts,
}
RECEIPT = {
    "format": lambda value: value == FORMAT,
    "kind": lambda value: value in ("submitted", "accepted"),
    "unit": {"credit_code": text, "name": text},
    "sector": text,
    "period": text,
    "version": whole,
    "workbook": FILE,
    "evidence": [{**FILE, "datum": text}],
    "content_sha256": hexadecimal(64),
    "emissions": maybe(whole),
    "submitted_at": instant,
    "submitted_by": text,
    "late": lambda value: isinstance(value, bool),
    "accepted_at": maybe(instant),
    "accepted_by": maybe(text),
    "journal": {
        "sequence": whole,
        "hash": hexadecimal(64),
        "previous_hash": hexadecimal(64),
        "content": CONTENT,
    },
    "key_id": hexadecimal(16),
}
ENVELOPE = {"receipt": RECEIPT, "signature": text, "public_key": text}


def published_keys(path: Path) -> dict:
    """The raw published keys by id."""
    try:
        keys = [b64decode(key["public_key"], validate=True) for key in json.loads(path.read_bytes())["keys"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unusable(f"{path}: not a file of published keys") from error
    return {hashlib.sha256(key).hexdigest()[:16]: key for key in keys}


def signed(envelope: dict) -> bool:
    """Whether the public key in the envelope signed the receipt."""
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(envelope["public_key"], validate=True))
        key.verify(b64decode(envelope["signature"], validate=True), canonical(envelope["receipt"]))
    except (InvalidSignature, ValueError):
        return False
    return True


def is_published(envelope: dict, published: dict) -> bool:
    try:
        key = b64decode(envelope["public_key"], validate=True)
    except ValueError:
        return False
    return published.get(envelope["receipt"]["key_id"]) == key


def is_anchored(receipt: dict) -> bool:
    """Whether the journal's entry names the digest of all that the receipt states."""
    entry = receipt["journal"]
    statement = {name: value for name, value in receipt.items() if name not in ("journal", "key_id")}
    content = entry["content"]
    return (
        content["sequence"] == entry["sequence"]
        and content["act"] == f"package.{receipt['kind']}"
        and content["facts"].get("receipt") == sha256(statement)
    )


def file_digest(path: Path) -> tuple:
    """(sha256, size) of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), stream.tell()


def stated(known: dict) -> tuple:
    return known["sha256"], known["size"]


def checks(envelope: dict, published: dict, workbook: Path | None, evidence: list[Path]) -> list:
    """(code, whether it stands; None: not checked, file) of every check."""
    receipt = envelope["receipt"]
    entry = receipt["journal"]
    rehashed = sha256({"previous": entry["previous_hash"], "content": entry["content"]})
    found = [
        ("signature", signed(envelope), ""),
        ("key", is_published(envelope, published), ""),
        ("journal", rehashed == entry["hash"], ""),
        ("statement", is_anchored(receipt), ""),
        ("workbook", file_digest(workbook) == stated(receipt["workbook"]) if workbook else None, workbook or ""),
    ]
    known = [stated(each) for each in receipt["evidence"]]
    found += [("evidence", file_digest(path) in known, path) for path in evidence]
    if receipt["evidence"] and not evidence:
        found.append(("evidence", None, ""))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Check a receipt offline.")
    parser.add_argument("receipt", type=Path)
    parser.add_argument("--keys", type=Path, required=True, help="the published keys (keys.json)")
    parser.add_argument("--workbook", type=Path)
    parser.add_argument("--evidence", type=Path, nargs="+", default=[])
    given = parser.parse_args()
    try:
        envelope = read(given.receipt)
        found = checks(envelope, published_keys(given.keys), given.workbook, given.evidence)
    except Unusable as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return 2
    for code, stands, file in found:
        word = "-" if stands is None else "ok" if stands else "FAILED"
        sys.stdout.write(f"{word:8} {code:10} {WORDS[code]}{f' ({file})' if file else ''}\n")
    failed = any(stands is False for _code, stands, _file in found)
    sys.stdout.write("The receipt does not stand.\n" if failed else "The receipt stands.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
