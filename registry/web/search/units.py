"""Units by what people know of them: a part of the name, how it is typed, its first letters, its credit code, its city."""

import functools
import operator
from collections.abc import Iterable

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from registry.models import Unit
from registry.values.credit_code import LENGTH

__all__ = ["keys_of", "like", "nearest_first", "word_like"]

# So many units are looked for with what they handed in; more, and the words say too little (有限公司).
MOST = 200
# Fewer letters are in too many names' spelling.
LEAST_LATIN = 2


def word_like(word: str, path: str = "") -> Q:
    """Units that one word fits; `path` leads from a row to its unit."""
    like = Q(**{f"{path}name__icontains": word}) | Q(**{f"{path}city__istartswith": word})
    typed = word.lower().replace("ü", "v")
    if not (typed.isascii() and typed.isalnum()):
        return like
    if len(typed) >= LEAST_LATIN:
        like |= Q(**{f"{path}pinyin__contains": typed}) | Q(**{f"{path}initials__contains": typed})
    if len(typed) <= LENGTH:
        like |= Q(**{f"{path}credit_code__contains": typed.upper()})
    return like


def like(words: Iterable[str], path: str = "") -> Q:
    """Units that every word fits."""
    return functools.reduce(operator.and_, (word_like(word, path) for word in words), Q())


def keys_of(words: Iterable[str]) -> list[int] | None:
    """The keys of the units that all the words fit; none without words, None where they are more than anybody means."""
    words = tuple(words)
    if not words:
        return []
    keys = list(Unit.objects.order_by().filter(like(words)).values_list("pk", flat=True)[: MOST + 1])
    return keys if len(keys) <= MOST else None


def nearest_first(rows: QuerySet[Unit], text: str) -> QuerySet[Unit]:
    """Whose name or code it is, then whose name or spelling begins so, then the others."""
    typed = text.lower()
    rank = Case(
        When(Q(credit_code=text.upper()) | Q(name=text), then=Value(0)),
        When(Q(name__startswith=text) | Q(initials__startswith=typed) | Q(pinyin__startswith=typed), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.annotate(rank=rank).order_by("rank", "name", "pk")
