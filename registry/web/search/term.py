"""What somebody typed into the search box, read: words, and a month or a year among them. There are no operators."""

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["LONGEST", "SHORTEST", "Term", "read"]

LONGEST = 80
SHORTEST = 2

_MONTH = re.compile(r"(?P<year>20\d\d)(?:[-/.年]?(?P<month>0[1-9]|1[0-2])|[-/.年](?P<short>[1-9]))月?", re.ASCII)
_YEAR = re.compile(r"(?P<year>20\d\d)年?(?:度)?", re.ASCII)
# Quotation marks and brackets part words like blanks do: nobody's name begins with one.
_PARTING = str.maketrans(dict.fromkeys("\"'“”‘’《》「」『』()（）[]【】<>〈〉,，;；、", " "))


@dataclass(frozen=True, slots=True)
class Term:
    """`text` is what is looked for as a whole, `words` what of it isn't a time, `period` a month (2025-09) or a year, or nothing."""

    text: str
    words: tuple[str, ...]
    period: str
    was_cut: bool

    @property
    def is_too_short(self) -> bool:
        return len(self.text) < SHORTEST and self.key is None

    @property
    def year(self) -> int | None:
        return int(self.period[:4]) if self.period else None

    @property
    def month(self) -> str:
        """The month, where one was named."""
        return self.period if "-" in self.period else ""

    @property
    def key(self) -> int | None:
        """The whole as a row's key, where it is a number that can be one."""
        is_number = self.text.isascii() and self.text.isdigit() and len(self.text) <= 18
        return int(self.text) if is_number else None

    @property
    def number(self) -> str:
        """What may be a part of a document's number; nothing where it is a year alone, which most numbers have in them."""
        return "" if self.text == self.period or len(self.text) < 4 else self.text


def read(typed: str) -> Term:
    """Full-width letters and digits as narrow ones, control characters and quotation marks as blanks, and no more than 80 characters."""
    plain = "".join(
        " " if unicodedata.category(letter).startswith(("C", "Z")) else letter
        # Bounded first: composing a text takes time, and nobody means a thousand characters.
        for letter in unicodedata.normalize("NFKC", typed[: LONGEST * 4])
    )
    text = " ".join(plain.translate(_PARTING).split())
    cut = text[:LONGEST].strip()
    words, period = _without_period(cut.split())
    return Term(cut, words, period, was_cut=len(text) > LONGEST or len(typed) > LONGEST * 4)


def _without_period(words: list[str]) -> tuple[tuple[str, ...], str]:
    """The words but the first that names a month, or else a year; and that."""
    for place, word in enumerate(words):
        if named := _MONTH.fullmatch(word):
            month = named["month"] or f"0{named['short']}"
            return (*words[:place], *words[place + 1 :]), f"{named['year']}-{month}"
    for place, word in enumerate(words):
        if named := _YEAR.fullmatch(word):
            return (*words[:place], *words[place + 1 :]), named["year"]
    return tuple(words), ""
