"""Sentences that are written down and read later, by others: kept as what is said with its values, and said in the reader's language.

from registry.labels.kept_sentences import gettext as _
row.message = said.kept(_("This very file is version %(version)s already.") % {"version": 3})
said.read(row.message)          # in the language of the moment
"""

import json
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as translated

from registry.values.sectors import Sector

__all__ = ["Said", "gettext", "kept", "read"]

_MARK = '{"said": '


class Said(str):
    """A sentence in the language of the moment that remembers what it says and of which values."""

    __slots__ = ("msgid", "values")
    msgid: str
    values: dict[str, Any]

    def __mod__(self, values: Any) -> "Said":
        return _said(self.msgid, dict(values))


def gettext(msgid: str) -> Said:
    """As Django's; the values are put in by `%`, from a mapping."""
    return _said(msgid, {})


def kept(text: "str | Promise") -> str:
    """As it is written down; any other text than `Said` stays as it is, in the language in which it came."""
    return _MARK + json.dumps(_record(text), ensure_ascii=False)[len(_MARK) :] if isinstance(text, Said) else str(text)


def read(text: str) -> str:
    """What was written down, in the language of the moment; a text that only begins like a kept sentence is said as it stands."""
    if not text.startswith(_MARK):
        return text
    try:
        return str(_from_record(json.loads(text)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return text


def _said(msgid: str, values: dict[str, Any]) -> Said:
    text = translated(msgid)
    made = Said(str.__mod__(text, {name: _in_words(value) for name, value in values.items()}) if values else text)
    made.msgid, made.values = msgid, values
    return made


def _in_words(value: Any) -> Any:
    return value.label if isinstance(value, Sector) else value


def _record(value: Any) -> Any:
    """A value as JSON: a sentence within a sentence and a sector stay what they are, all else is text that both languages write so."""
    if isinstance(value, Said):
        return {"said": value.msgid, "values": {name: _record(one) for name, one in value.values.items()}}
    if isinstance(value, Sector):
        return {"sector": value.value}
    return value if isinstance(value, int) else str(value)


def _from_record(record: Any) -> Any:
    if not isinstance(record, dict):
        return record
    if "sector" in record:
        return Sector(record["sector"])
    return _said(record["said"], {name: _from_record(value) for name, value in record["values"].items()})
