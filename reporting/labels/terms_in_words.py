"""Stored codes in the reader's words: what a term is about, and its formula with the numbers in place."""

import re
from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from registry.law import NotInForceError
from registry.values.bilingual import name_of
from reporting.accounting.citations import FACTORS
from reporting.accounting.sector import of as accounting_of
from reporting.guidelines import Guideline, for_period, risk_weights
from reporting.submissions.risk_points import Part
from reporting.workbook.sector import of

__all__ = ["LEVELS", "RISKS", "article", "in_place", "process_name", "reasons_in_words", "risk_words", "source_name"]

LEVELS: Mapping[str, str | Promise] = {
    "enterprise": gettext_lazy("Enterprise"),
    "process": gettext_lazy("Process"),
    "line": gettext_lazy("Line"),
}


def process_name(sector: str, code: str) -> str:
    """What a process, or a source that no material names, is called; its code where the sector knows none."""
    return str(accounting_of(sector).names.get(code, code))


def source_name(sector: str, period: str, source: str) -> str:
    """What a term's source ("fuel.coke", "ironmaking.out.bf_gas") is called; the source itself where nothing is known of it."""
    names = accounting_of(sector).names
    if source in names:
        return str(names[source])
    parts = source.split(".")
    try:
        name = _material(for_period(sector, period), parts)
    except NotInForceError:
        return source
    if name is None:
        return source
    if parts[0] in names:
        process = names[parts[0]]
        if len(parts) == 2:
            return _("%(process)s: %(material)s") % {"process": process, "material": name}
        way = _("in") if parts[1] == "in" else _("out")
        return _("%(process)s, %(way)s: %(material)s") % {"process": process, "way": way, "material": name}
    return name


def _material(guideline: Guideline, parts: list[str]) -> str | None:
    group = FACTORS.get(parts[0], parts[0])
    found = (guideline.factors(group) if group in of(guideline.sector).factors else guideline.fuels).get(parts[-1])
    if found is None:
        return None
    name = found.en if (get_language() or "").startswith("en") else found.zh
    return _("%(material)s, processed further") % {"material": name} if parts[0] == "processed" else name


def article(sector: str, period: str, stored: str) -> str:
    """A term's article, which is stored in words for either reader, in the page's language."""
    try:
        guideline = for_period(sector, period)
    except NotInForceError:
        return stored
    for name, parameter in guideline.law.under("article").items():
        if stored == guideline.article(name):
            return f"{guideline.code} {name_of(parameter)}"
    return stored


def in_place(formula: str, inputs: Mapping[str, str]) -> str:
    """The formula with every symbol replaced by its number; longer symbols first, so that EF never eats EF_CF4."""
    if not inputs:
        return formula
    symbols = sorted(inputs, key=len, reverse=True)
    pattern = "|".join(rf"(?<!\w){re.escape(symbol)}(?!\w)" for symbol in symbols)
    return re.sub(pattern, lambda match: inputs[match.group()], formula)


RISKS: Mapping[str, str | Promise] = {
    "blocked": gettext_lazy("Versions with errors: %(found)s"),
    "returned": gettext_lazy("Sent back: %(found)s times"),
    "late": gettext_lazy("Months submitted late: %(found)s"),
    "peers": gettext_lazy("Off its peers: robust z-score %(found)s"),
    "value": gettext_lazy("At stake: %(found)s tCO₂e"),
}


def risk_words(part: Part) -> str:
    """What a part of a score is for."""
    if part.code:
        weight = risk_weights().get(f"code.{part.code}")
        text = (
            _("Warning, reason given: %(what)s")
            if part.found == "answered"
            else _("Warning without a reason: %(what)s")
        )
        return text % {"what": name_of(weight) if weight else part.code}
    found = f"{int(part.found):,}" if part.kind == "value" else part.found
    return str(RISKS[part.kind]) % {"found": found}


def reasons_in_words(parts: Sequence[Part]) -> list[str]:
    """Why a package deserves a look, the heaviest first: what its tonnes weigh is said only where nothing else is to be."""
    named = [part for part in parts if part.kind != "value"]
    return [_reason(part) for part in named] or [
        _("Nothing found; only its tonnes count") if parts else _("Nothing found")
    ]


def _reason(part: Part) -> str:
    return _("Intensity far from its peers'") if part.kind == "peers" else risk_words(part)
