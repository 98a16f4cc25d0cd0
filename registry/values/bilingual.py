"""Names that stand in data in both languages."""

from collections.abc import Iterable
from typing import Protocol

from django.utils.translation import get_language


class Bilingual(Protocol):
    """Something with a Chinese and an English name: a law's parameter, a plan, a factor."""

    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str: ...


def in_language(zh: str, en: str) -> str:
    """The one of the two names that the page's language asks for."""
    return en if (get_language() or "").startswith("en") else zh


def bracketed(text: object) -> str:
    """The text in the brackets that the page's language has, set off as it sets them off."""
    return in_language(f"（{text}）", f" ({text})")


def listed(items: Iterable[object]) -> str:
    """The items one after the other, as the page's language lists them."""
    return in_language("、", ", ").join(map(str, items))


def said_apart(phrases: Iterable[object]) -> str:
    """Phrases, which may have commas in them, one after the other."""
    return in_language("；", "; ").join(map(str, phrases))


def name_of(thing: Bilingual) -> str:
    """The thing's name in the page's language."""
    return in_language(thing.zh, thing.en)
