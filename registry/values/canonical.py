"""One way to write data as bytes, so that equal content has equal sha256 on every machine and database."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

# Where a part that is written already goes: a character that texts don't have, and as JSON writes it.
_PLACE, _PLACE_WRITTEN = "\0", "\\u0000"
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(content: Any) -> str:
    """`content` as JSON: keys sorted, no spaces, characters as they are. Floats are refused: their text differs from what was meant."""
    _refuse_floats(content)
    return _ENCODER.encode(content)


def digest(content: Any) -> str:
    """sha256 of the canonical JSON of `content`, in hex."""
    return sha256(canonical(content).encode())


def chained(previous: str, content: Any) -> str:
    """The hash of a chain's entry: of its content and the hash of the entry before it."""
    return digest({"previous": previous, "content": content})


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def spliced(content: Mapping[str, Any], written: Mapping[str, str]) -> str:
    """`canonical(content)`, of which the fields in `written` (named plainly) are canonical JSON already, whatever `content` has of them."""
    text = canonical({**content, **dict.fromkeys(written, _PLACE)})
    if text.count(_PLACE_WRITTEN) != len(written):  # somebody's text has the mark itself
        return canonical({**content, **{key: json.loads(value) for key, value in written.items()}})
    pieces = []
    for key in sorted(written):
        before, place, text = text.partition(f'"{key}":"{_PLACE_WRITTEN}"')
        pieces += [before, place[: len(key) + 3], written[key]]
    return "".join([*pieces, text])


class Shared:
    """Writes parts that many objects have in common: one that is the same object as before is not written again."""

    def __init__(self) -> None:
        self._written: dict[
            int, tuple[Any, str]
        ] = {}  # by id, with the part: as long as it is kept its id is nobody else's

    def canonical(self, part: Any) -> str:
        if id(part) not in self._written:
            self._written[id(part)] = part, canonical(part)
        return self._written[id(part)][1]


# What needs no look inside.
_LEAVES = frozenset({str, int, bool, type(None)})


def _refuse_floats(content: Any) -> None:
    waiting = [content] if type(content) not in _LEAVES else []
    for item in waiting:  # which grows meanwhile
        if isinstance(item, dict):
            for key, value in item.items():
                if type(key) is not str and not isinstance(key, str):
                    raise TypeError(f"{key!r}: keys must be text")
                if type(value) not in _LEAVES:
                    waiting.append(value)
        elif isinstance(item, list | tuple):
            waiting += [value for value in item if type(value) not in _LEAVES]
        elif isinstance(item, float):
            raise TypeError(f"{item!r}: a float has no canonical text")
