"""Reading back what pages print: whoever copies 7,179,000 or 0.5% from beside a field into it has typed a number."""

import re
import unicodedata
from typing import Any

from django import forms

__all__ = ["DecimalField", "IntegerField", "percentage", "plain"]

_GROUPED = re.compile(r"[+-]?\d{1,3}([, ]\d{3})+(\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"\d+,\d+", re.ASCII)


def plain(text: str) -> str:
    """The text in half width; where it is a number as `figures` prints it, without what groups its digits."""
    narrow = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()
    return re.sub("[, ]", "", narrow) if _GROUPED.fullmatch(narrow) else narrow


def percentage(text: str) -> str:
    """A small number of percent, with its sign or without; a comma in it is a decimal one, for nothing here reaches a thousand."""
    bare = plain(text).removesuffix("%").strip()
    return bare.replace(",", ".") if _DECIMAL_COMMA.fullmatch(bare) else bare


class _AsPrinted:
    """A numeric field in which what a page prints can be typed; browsers' own number fields refuse it."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain(value) if isinstance(value, str) else value)  # type: ignore[misc]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        given: dict[str, Any] = super().widget_attrs(widget)  # type: ignore[misc]
        return given | ({} if isinstance(widget, forms.NumberInput) else {"inputmode": "decimal"})


class IntegerField(_AsPrinted, forms.IntegerField):
    """Whole numbers: tonnes, say."""


class DecimalField(_AsPrinted, forms.DecimalField):
    """Numbers with decimals."""
