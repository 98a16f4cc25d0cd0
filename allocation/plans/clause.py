"""A sentence of the law as people read it, with the dated values that it was made from."""

from dataclasses import dataclass

from registry.law import DatedValue, Parameter

__all__ = ["Clause"]


@dataclass(frozen=True, slots=True)
class Clause:
    """What is read, and the values that it was made from, each with where it is written."""

    text: str
    values: tuple[tuple[Parameter, DatedValue], ...]

    @property
    def assumed(self) -> bool:
        return any(value.assumed for _parameter, value in self.values)

    @property
    def sources(self) -> list[DatedValue]:
        """The values, those written in the same place and for the same time once."""
        first = {(value.cite, value.since, value.until): value for _parameter, value in reversed(self.values)}
        return list(first.values())[::-1]
