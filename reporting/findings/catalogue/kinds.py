"""What a kind of finding is, and how rows of words become kinds."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

ERROR, WARNING = "error", "warning"

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """What findings of one code have in common; `message` has named placeholders."""

    code: str
    severity: str
    message: Words
    rule: Words
    remedy: Words

    @property
    def blocks(self) -> bool:
        """Only what is impossible or unlawful is refused; a warning is answered."""
        return self.severity == ERROR


def errors(rule: Words, rows: Iterable[tuple[str, Words, Words]]) -> list[Kind]:
    return [Kind(code, ERROR, message, rule, remedy) for code, message, remedy in rows]


def warnings(rule: Words, rows: Iterable[tuple[str, Words, Words]]) -> list[Kind]:
    return [Kind(code, WARNING, message, rule, remedy) for code, message, remedy in rows]
