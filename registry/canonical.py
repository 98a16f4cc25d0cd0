"""One way to write data as bytes, so that equal content has equal sha256 on every machine and database."""

import hashlib
import json
from typing import Any


def canonical(content: Any) -> str:
    """`content` as JSON: keys sorted, no spaces, characters as they are. Floats are refused: their text differs from what was meant."""
    _refuse_floats(content)
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(content: Any) -> str:
    """sha256 of the canonical JSON of `content`, in hex."""
    return sha256(canonical(content).encode())


def chained(previous: str, content: Any) -> str:
    """The hash of a chain's entry: of its content and the hash of the entry before it."""
    return digest({"previous": previous, "content": content})


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _refuse_floats(content: Any) -> None:
    if isinstance(content, float):
        raise TypeError(f"{content!r}: a float has no canonical text")
    if isinstance(content, dict):
        for key, value in content.items():
            if not isinstance(key, str):
                raise TypeError(f"{key!r}: keys must be text")
            _refuse_floats(value)
    elif isinstance(content, list | tuple):
        for item in content:
            _refuse_floats(item)
