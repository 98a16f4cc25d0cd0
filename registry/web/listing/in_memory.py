"""What a list is narrowed by whose rows no query makes: the same form, words and counts as above a list of the database's rows."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Unit
from registry.values import figures
from registry.web.filters import units_like

__all__ = ["RowFilter", "codes_like", "one_of", "units_named"]

R = TypeVar("R")
Test = Callable[[R], bool]


def one_of(choices: Any, **how: Any) -> forms.ChoiceField:
    """One of several, or all; `choices` may be called for them."""

    def offered() -> list[tuple[str, Any]]:
        return [("", _("All")), *(choices() if callable(choices) else choices)]

    return forms.ChoiceField(choices=offered, required=False, **how)


def units_named(typed: str) -> frozenset[int]:
    """The keys of the units that the search of every page finds. One query."""
    return frozenset(Unit.objects.order_by().filter(units_like(typed)).values_list("pk", flat=True))


def codes_like(typed: str) -> frozenset[str]:
    """The same by their credit codes, for rows that name a unit by it."""
    return frozenset(Unit.objects.order_by().filter(units_like(typed)).values_list("credit_code", flat=True))


class RowFilter(Generic[R]):
    """Over rows in memory what a FilterSet is over a query. `form` is bound and may ask for more than what narrows.

    `same` says for a choice what of a row must equal it, `such` makes of what another field was given what a row must fulfil. What is
    typed wrongly narrows nothing, and its field says so.
    """

    def __init__(
        self,
        form: forms.Form,
        rows: Sequence[R],
        *,
        same: Mapping[str, Callable[[R], str]],
        such: Mapping[str, Callable[[Any], Test[R]]],
    ) -> None:
        form.is_valid()
        self.form, self.all, self._same = form, rows, same
        given = {name: value for name, value in form.cleaned_data.items() if value}
        self._tests = {name: _equal(key, given[name]) for name, key in same.items() if name in given}
        self._tests |= {name: make(given[name]) for name, make in such.items() if name in given}
        self.rows = self._left()

    @property
    def narrows(self) -> bool:
        return bool(self._tests)

    def count_choices(self) -> None:
        """Write beside each choice how many rows it finds together with what else is set; what no row is, isn't offered."""
        for name, key in self._same.items():
            field: Any = self.form.fields[name]
            found = Counter(map(key, self._left(without=name)))
            known = {*map(key, self.all), self.form.cleaned_data.get(name)}
            # The widget's alone: what may be chosen stays what it was.
            field.widget.choices = [
                (code, f"{label} ({figures.tonnes(found[code])})" if code else label)
                for code, label in field.choices
                if not code or code in known
            ]

    def _left(self, without: str = "") -> list[R]:
        tests = [test for name, test in self._tests.items() if name != without]
        return [row for row in self.all if all(test(row) for test in tests)]


def _equal(key: Callable[[R], str], value: str) -> Test[R]:
    return lambda row: key(row) == value
