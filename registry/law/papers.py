"""The article on which an official paper rests, as dated law (law_data/papers.toml): a paper begins with it."""

import datetime as dt
from functools import cache
from pathlib import Path

from registry.law import dated

ALLOCATION, SURRENDER, VERIFICATION = "paper.allocation", "paper.surrender", "paper.verification"
DECLARATION = "declaration"


@cache
def _law() -> dated.Law:
    return dated.load(Path(__file__).parents[1] / "law_data" / "papers.toml")


def basis(paper: str, day: dt.date) -> dated.DatedValue:
    """The legal basis of a kind of paper on its own day; its citation is what the paper says."""
    return _law()[paper].at(day)
