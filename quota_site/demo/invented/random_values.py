"""Chance that can be repeated: what a draw gives depends on the seed and on the draw's name, never on the order of draws."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

T = TypeVar("T")

_RANGE = 1 << 64


@dataclass(frozen=True, slots=True)
class Chance:
    """Draws are named: the same name gives the same draw, another name another one."""

    seed: str

    def of(self, *name: object) -> "Chance":
        """Chance of its own for a thing, so that its draws need only short names."""
        return Chance("/".join([self.seed, *map(str, name)]))

    def whole(self, low: int, high: int, *name: object) -> int:
        """A whole number from `low` to `high`, both included."""
        text = "/".join([self.seed, *map(str, name)])
        thrown = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        return low + thrown * (high - low + 1) // _RANGE

    def between(self, low: str, high: str, *name: object) -> Decimal:
        """A decimal from `low` to `high`, with four digits more than `low` has decimals."""
        step = Decimal(low).as_tuple().exponent
        scale = Decimal(1).scaleb(int(step) - 4)
        return self.whole(int(Decimal(low) / scale), int(Decimal(high) / scale), *name) * scale

    def happens(self, percent: int, *name: object) -> bool:
        """True in `percent` of a hundred draws."""
        return self.whole(1, 100, *name) <= percent

    def one_of(self, choices: Sequence[T], *name: object) -> T:
        return choices[self.whole(0, len(choices) - 1, *name)]

    def shuffled(self, things: Sequence[T], *name: object) -> list[T]:
        """The things in an order that is the same whenever it is asked for."""
        order = {index: self.whole(0, _RANGE - 1, *name, index) for index in range(len(things))}
        return [things[index] for index in sorted(order, key=lambda index: (order[index], index))]
