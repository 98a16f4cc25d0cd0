"""The shape of a receipt's envelope, and where a document departs from it."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["ENVELOPE", "FORMAT", "fault"]

FORMAT = "quota-receipt/1"

# Beyond what any receipt has, and far below what recursion could not follow.
MOST_LEVELS = 12
_YEARS = range(2000, 3000)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _whole(value: Any) -> bool:
    return type(value) is int and -(2**63) <= value < 2**63


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _hex(length: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{length}}}", value) is not None


def _instant(value: Any) -> bool:
    """An instant with its offset, in years that every calendar of ours can show."""
    try:
        moment = dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return moment.tzinfo is not None and moment.year in _YEARS


def _or_none(leaf: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or leaf(value)


def _facts(value: Any) -> bool:
    return isinstance(value, dict) and not _deeper(value, MOST_LEVELS)


def _deeper(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _deeper(each, levels - 1) for each in inner)


_SHA256 = _hex(64)
_WORKBOOK = {"name": _text, "size": _whole, "sha256": _SHA256}
_CONTENT = {
    "sequence": _whole,
    "at": _instant,
    "actor": _or_none(_whole),
    "act": _text,
    "subject_type": _text,
    "subject_id": _text,
    "unit": _or_none(_whole),
    "authority": _or_none(_whole),
    "facts": _facts,
}
_RECEIPT = {
    "format": lambda value: value == FORMAT,
    "kind": lambda value: value in ("submitted", "accepted"),
    "unit": {"credit_code": _text, "name": _text},
    "sector": _text,
    "period": _text,
    "version": _whole,
    "workbook": _WORKBOOK,
    "evidence": [{**_WORKBOOK, "datum": _text}],
    "content_sha256": _SHA256,
    "emissions": _or_none(_whole),
    "submitted_at": _instant,
    "submitted_by": _text,
    "late": _flag,
    "accepted_at": _or_none(_instant),
    "accepted_by": _or_none(_text),
    "journal": {"sequence": _whole, "hash": _SHA256, "previous_hash": _SHA256, "content": _CONTENT},
    "key_id": _hex(16),
}
ENVELOPE = {"receipt": _RECEIPT, "signature": _text, "public_key": _text}


def fault(value: Any, shape: Any, path: str = "") -> str | None:
    """Where the document departs from the shape ("receipt.workbook.size"), None if nowhere. Every key must be there, and no other."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return path or "{}"
        if wrong := sorted(shape.keys() ^ value.keys()):
            return f"{path}.{wrong[0]}".lstrip(".")[:80] or "{}"
        return _first(fault(value[name], shape[name], f"{path}.{name}".lstrip(".")) for name in shape)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return path
        return _first(fault(each, shape[0], f"{path}[{at}]") for at, each in enumerate(value))
    return None if shape(value) else path


def _first(faults: Iterable[str | None]) -> str | None:
    return next(filter(None, faults), None)
