"""What a breach costs, as dated law (law_data/penalties.toml): nothing here is a number, and nothing is computed but how it reads.

The law of a missed surrender is the one in force on the deadline that was missed.
"""

import datetime as dt
import functools
from collections.abc import Sequence
from pathlib import Path

from allocation.plans.clause import Clause
from registry import law
from registry.law import DatedValue, Parameter
from registry.values import figures
from registry.values.bilingual import in_language, name_of

__all__ = ["articles", "law_of_penalties", "of_missing"]

NOT_SURRENDERED = "24"


@functools.cache
def law_of_penalties() -> law.Law:
    return law.load(Path(__file__).parents[1] / "law_data" / "penalties.toml")


def articles(day: dt.date) -> list[tuple[str, list[Clause]]]:
    """Each article's number with its consequences in force on the day, in the order of the file."""
    found: dict[str, list[Clause]] = {}
    for name, parameter in law_of_penalties().under("penalty").items():
        try:
            value = parameter.at(day)
        except law.NotInForceError:
            continue
        article = name.split(".")[0].removeprefix("art_")
        found.setdefault(article, []).append(Clause(_read(parameter, value), ((parameter, value),)))
    return sorted(found.items(), key=lambda row: int(row[0]))


def of_missing(deadline: dt.date) -> list[Clause]:
    """What not surrendering in full by the deadline costs; none before there was a law."""
    return dict(articles(deadline)).get(NOT_SURRENDERED, [])


def _read(parameter: Parameter, value: DatedValue) -> str:
    """The sentence with its number in place."""
    ends = [end for end in (value.value if isinstance(value.value, tuple) else (value.value,)) if type(end) is int]
    span = in_language(_in_chinese(ends, parameter.unit), "–".join(map(figures.tonnes, ends)))
    return name_of(parameter).replace("{value}", span)


_MEASURES = {"times": "倍", "percent": "%", "years": "年"}
_WAN = 10**4


def _in_chinese(ends: Sequence[int], unit: str) -> str:
    """As laws write it: 100万元以上500万元以下."""
    measured = [_yuan(end) if unit == "yuan" else f"{end}{_MEASURES.get(unit, '')}" for end in ends]
    return f"{measured[0]}以上{measured[1]}以下" if len(measured) == 2 else "".join(measured)


def _yuan(amount: int) -> str:
    return f"{figures.tonnes(amount)}元" if amount % _WAN else f"{amount // _WAN}万元"
