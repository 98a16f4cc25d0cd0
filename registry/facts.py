"""What a journal entry says, in short: named pairs for reading. The chain covers the whole of it, which the page keeps beside them."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

__all__ = ["MOST", "pairs"]

MOST = 6  # pairs; the rest is in the whole
_LONGEST = 60
_HASH = re.compile("[0-9a-f]{64}")

NAMES: Mapping[str, Promise] = {
    "approved": gettext_lazy("approved"),
    "body": gettext_lazy("body"),
    "content": gettext_lazy("content"),
    "corrected": gettext_lazy("corrected"),
    "count": gettext_lazy("how many"),
    "file": gettext_lazy("file"),
    "files": gettext_lazy("files"),
    "finding": gettext_lazy("finding"),
    "ground": gettext_lazy("ground"),
    "holder": gettext_lazy("holder of the mandate"),
    "late": gettext_lazy("late"),
    "manifest": gettext_lazy("manifest"),
    "name": gettext_lazy("name"),
    "number": gettext_lazy("number"),
    "on": gettext_lazy("on"),
    "outcome": gettext_lazy("outcome"),
    "plan": gettext_lazy("plan"),
    "quantity": gettext_lazy("tonnes"),
    "question": gettext_lazy("question"),
    "reason": gettext_lazy("reason"),
    "receipt": gettext_lazy("receipt"),
    "result": gettext_lazy("result"),
    "results": gettext_lazy("results"),
    "sector": gettext_lazy("sector"),
    "sha256": gettext_lazy("sha256"),
    "size": gettext_lazy("bytes"),
    "state": gettext_lazy("state"),
    "submissions": gettext_lazy("versions"),
    "tables": gettext_lazy("tables"),
    "text": gettext_lazy("text"),
    "total": gettext_lazy("total"),
    "trades": gettext_lazy("trades"),
    "value": gettext_lazy("value"),
    "version": gettext_lazy("version"),
    "vintage": gettext_lazy("vintage"),
    "way": gettext_lazy("how it came in"),
    "year": gettext_lazy("year"),
}


def pairs(facts: str) -> Iterator[tuple[str, str]]:
    """(name, value) of an entry's facts in their order; what was left empty is left out, an unknown name stands as it is."""
    for key, value in json.loads(facts).items():
        if value not in ("", None, [], {}):
            yield str(NAMES.get(key, key)), _short(value)


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (list, dict)):
        return ngettext("%(count)s entry", "%(count)s entries", len(value)) % {"count": len(value)}
    text = str(value)
    if _HASH.fullmatch(text):
        return text[:12]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
