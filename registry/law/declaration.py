"""What a unit declares when it hands over data: that they are true, accurate and complete, with the articles on which that rests."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.law import papers
from registry.law.dated import DatedValue

__all__ = ["VERSION", "Declaration", "current"]

# Of the wording below: the journal keeps it with what was declared. Change both together.
VERSION = "2026-1"


@dataclass(frozen=True, slots=True)
class Declaration:
    """The wording in the active language, which version it is, and its legal basis."""

    version: str
    text: str
    basis: DatedValue


def current(day: dt.date) -> Declaration:
    """The declaration as it is made on the day."""
    text = _(
        "On behalf of the unit I declare that these data and their supporting material are true, accurate and complete, and that the "
        "original records are kept as the regulations require."
    )
    return Declaration(VERSION, text, papers.basis(papers.DECLARATION, day))
