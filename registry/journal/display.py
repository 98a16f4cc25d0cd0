"""What a journal entry says, in short: named pairs for reading. The chain covers the whole of it, which the page keeps beside them."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.journal.seals.content import FACT

__all__ = ["MOST", "name", "pairs"]

MOST = 6  # pairs; the rest is in the whole
_LONGEST = 60
_HASH = re.compile("[0-9a-f]{64}")

NAMES: Mapping[str, Promise] = {
    "account": gettext_lazy("account"),
    "amount": gettext_lazy("amount"),
    "answers": gettext_lazy("answers"),
    "approved": gettext_lazy("approved"),
    "balance_value": gettext_lazy("balance value"),
    "before": gettext_lazy("before"),
    "body": gettext_lazy("body"),
    "city": gettext_lazy("City"),
    "closed": gettext_lazy("closed on"),
    "code": gettext_lazy("code"),
    "confirmed": gettext_lazy("after the approver's confirmation"),
    "content": gettext_lazy("content"),
    "corrected": gettext_lazy("corrected"),
    "count": gettext_lazy("how many"),
    "data": gettext_lazy("data returned"),
    "days": gettext_lazy("days"),
    "decision": gettext_lazy("decision"),
    "due": gettext_lazy("tonnes due"),
    "entered": gettext_lazy("sum of its entries"),
    "expires": gettext_lazy("valid until"),
    "faults": gettext_lazy("faults"),
    "file": gettext_lazy("file"),
    "files": gettext_lazy("files"),
    "finding": gettext_lazy("finding"),
    "frozen": gettext_lazy("frozen"),
    "ground": gettext_lazy("ground"),
    "grounds": gettext_lazy("grounds"),
    "handed_over_by": gettext_lazy("handed over by"),
    "handed_over_declared": gettext_lazy("declared when handed over"),
    "held": gettext_lazy("held"),
    "holder": gettext_lazy("holder of the mandate"),
    "how": gettext_lazy("how"),
    "key": gettext_lazy("key"),
    "kind": gettext_lazy("kind"),
    "language": gettext_lazy("language"),
    "late": gettext_lazy("late"),
    "line": gettext_lazy("line"),
    "lines": gettext_lazy("lines"),
    "list": gettext_lazy("list"),
    "manifest": gettext_lazy("manifest"),
    "may_submit": gettext_lazy("may submit"),
    "name": gettext_lazy("name"),
    "new": gettext_lazy("new units"),
    "notices": gettext_lazy("notices"),
    "number": gettext_lazy("number"),
    "on": gettext_lazy("on"),
    "outcome": gettext_lazy("outcome"),
    "person": gettext_lazy("person"),
    "plan": gettext_lazy("plan"),
    "prefix": gettext_lazy("begins with"),
    "public_key": gettext_lazy("public key"),
    "quantities": gettext_lazy("tonnes by vintage"),
    "quantity": gettext_lazy("tonnes"),
    "query": gettext_lazy("filters and columns"),
    "question": gettext_lazy("question"),
    "reason": gettext_lazy("reason"),
    "reasons": gettext_lazy("reasons"),
    "receipt": gettext_lazy("receipt"),
    "requested": gettext_lazy("requested"),
    "reserved": gettext_lazy("reserved"),
    "result": gettext_lazy("result"),
    "results": gettext_lazy("results"),
    "returned": gettext_lazy("taken back"),
    "role": gettext_lazy("role"),
    "run": gettext_lazy("run"),
    "said": gettext_lazy("remarks"),
    "scopes": gettext_lazy("scope"),
    "sector": gettext_lazy("sector"),
    "sha256": gettext_lazy("sha256"),
    "since": gettext_lazy("since"),
    "size": gettext_lazy("bytes"),
    "state": gettext_lazy("state"),
    "submissions": gettext_lazy("versions"),
    "tables": gettext_lazy("tables"),
    "text": gettext_lazy("text"),
    "tonnes": gettext_lazy("tonnes"),
    "total": gettext_lazy("total"),
    "trades": gettext_lazy("trades"),
    "transaction": gettext_lazy("transaction"),
    "unseen": gettext_lazy("not seen"),
    "until": gettext_lazy("until"),
    "value": gettext_lazy("value"),
    "variety": gettext_lazy("Clinker variety"),
    "version": gettext_lazy("version"),
    "vintage": gettext_lazy("vintage"),
    "wanted": gettext_lazy("wanted"),
    "way": gettext_lazy("how it came in"),
    "year": gettext_lazy("year"),
}

_NAMED: dict[str, dict[str, str | Promise]] = {}


def name(key: str, words: Mapping[str, str | Promise]) -> None:
    """Say what the codes under `key` are called, where no model's field does; each app does so when it is ready."""
    _NAMED.setdefault(key, {}).update(words)


def pairs(facts: str, subject_type: str = "") -> Iterator[tuple[str, str]]:
    """(name, value) of an entry's facts in their order; what was left empty is left out, an unknown name stands as it is.

    A value that is a code reads as the field of that name calls it, on the entry's subject before any other model. What binds papers to the
    entry is for the check of it, not for reading.
    """
    for key, value in json.loads(facts).items():
        if key != FACT and value not in ("", None, [], {}):
            yield str(NAMES.get(key, key)), _word(key, value, subject_type) or _short(value)


def _word(key: str, value: Any, subject_type: str) -> str:
    words = _coded().get(key, {})
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) and each in words for each in values):
        return ""
    return _(", ").join(str(words[each].get(subject_type) or next(iter(words[each].values()))) for each in values)


@cache
def _coded() -> Mapping[str, Mapping[str, Mapping[str, str | Promise]]]:
    """What the fields with choices call their values: field, value, model."""
    found: dict[str, dict[str, dict[str, str | Promise]]] = defaultdict(lambda: defaultdict(dict))
    for model in apps.get_models():
        for field in model._meta.fields:
            for value, label in field.flatchoices:
                found[field.name][str(value)][model._meta.label_lower] = label
    for key, words in _NAMED.items():
        for value, label in words.items():
            found[key][value].setdefault("", label)
    return found


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (list, dict)):
        return ngettext("%(count)s entry", "%(count)s entries", len(value)) % {"count": len(value)}
    text = str(value)
    if _HASH.fullmatch(text):
        return text[:12]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
