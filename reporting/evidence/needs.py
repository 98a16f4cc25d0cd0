"""Which supporting files a month needs, by the guideline of its sector (`[evidence.*]`); free of files and databases."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from registry.law import NotInForceError
from registry.values.bilingual import in_language
from reporting.content import Content, Datum, Row, first_day, is_year
from reporting.guidelines import Guideline, for_period

MANDATORY, AUXILIARY, OPTIONAL = "mandatory", "auxiliary", "optional"

# Between the names that a clerk writes into one cell of the workbook.
_BETWEEN = re.compile("[;；,，、\n]")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One kind of supporting file; `cite` and `cite_zh` are the article that asks for it, `assumed` where none does."""

    code: str
    zh: str
    en: str
    strictness: str
    needs: tuple[Mapping[str, Any], ...]
    cite: str
    cite_zh: str
    assumed: bool

    @property
    def article(self) -> str:
        """What asks for it, in the page's language."""
        return in_language(self.cite_zh, self.cite)

    @property
    def is_mandatory(self) -> bool:
        """An auxiliary parameter's evidence is mandatory, too."""
        return self.strictness in (MANDATORY, AUXILIARY)

    def data(self, content: Content) -> Iterator[Datum]:
        """The stated data that the file would support; a zero needs no evidence."""
        guideline = for_period(content.sector, content.period)
        for need in self.needs:
            for row in content.table(need["table"]):
                if _is_meant(need, row, guideline):
                    yield from _stated(need, row)

    def is_needed(self, content: Content) -> bool:
        """Whether a month that states this must not be submitted without the file. A year was reported before there were months."""
        return self.is_mandatory and not content.is_year and next(self.data(content), None) is not None


def requirements(sector: str, period: str) -> tuple[Requirement, ...]:
    """Every kind of supporting file that the period's guideline knows, in its order; none where no guideline is in force for it."""
    try:
        return _known(for_period(sector, period), period)
    except NotInForceError:
        return ()


@cache
def _known(guideline: Guideline, period: str) -> tuple[Requirement, ...]:
    day = first_day(period)
    return tuple(
        Requirement(
            code=code,
            zh=parameter.zh,
            en=parameter.en,
            strictness=OPTIONAL if is_year(period) else str(dated.value),
            needs=tuple(parameter.extra.get("needs", ())),
            cite=dated.cite,
            cite_zh=dated.cite_zh,
            assumed=dated.assumed,
        )
        for code, parameter in guideline.law.under("evidence").items()
        for dated in parameter.values
        if dated.in_force(day)
    )


def needed(content: Content) -> tuple[Requirement, ...]:
    """The kinds of supporting files without which the content may not be submitted."""
    return tuple(each for each in requirements(content.sector, content.period) if each.is_needed(content))


def cited(content: Content) -> dict[str, list[Datum]]:
    """The data by the supporting file that the workbook names for them, as the names are compared (`comparable`)."""
    found: dict[str, list[Datum]] = {}
    for row in content.rows:
        for datum in row.data.values():
            for name in names_in(datum.evidence):
                found.setdefault(comparable(name), []).append(datum)
    return found


def supported_by(name: str, content: Content) -> list[str]:
    """The codes of what a file of this name supports, because the workbook names it for their data."""
    wanted = comparable(name)

    def names_it(datum: Datum) -> bool:
        return wanted in map(comparable, names_in(datum.evidence))

    known = requirements(content.sector, content.period)
    return [each.code for each in known if any(names_it(datum) for datum in each.data(content))]


def names_in(cell: str) -> list[str]:
    """The file names in a cell of the workbook: one, or several with a separator between."""
    return [name.strip() for name in _BETWEEN.split(cell) if name.strip()]


def comparable(name: str) -> str:
    """A file name as it is compared: width, case and the spaces round it don't matter."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _is_meant(need: Mapping[str, Any], row: Row, guideline: Guideline) -> bool:
    """Whether a row of the need's table is among those it names."""
    if "states" in need:
        fuel = guideline.fuels.get(row.item)
        if fuel is None or fuel.state not in need["states"]:
            return False
    return row.item in need.get("items", (row.item,)) and row.process in need.get("processes", (row.process,))


def _stated(need: Mapping[str, Any], row: Row) -> Iterator[Datum]:
    for name in need.get("data", row.data):
        datum = row.data.get(name)
        if datum is not None and datum.value and datum.how == need.get("how", datum.how):
            yield datum
