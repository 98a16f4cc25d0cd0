"""Findings: what is wrong or odd in a workbook, each with a stable code, where it is, the rule it rests on and what to do.

A finding is stored as code, place and params (`record`, `from_record`); its words come from the catalogue when they are shown, in
the reader's language. An error says what is impossible or unlawful, and blocks; a warning may be answered with a reason.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from registry.values.bilingual import in_language
from reporting.findings.catalogue import CATALOGUE, Kind

_BOTH = re.compile("⟦([^⟦|]*)[|]([^⟧]*)⟧")


def both(zh: str, en: str) -> str:
    """A name for readers of either language, to stand in a param: the message shows each the half in their own."""
    return f"⟦{zh}|{en}⟧"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `params` are texts that the message's placeholders take."""

    code: str
    sheet: str = ""
    cell: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    number: int = field(default=0, compare=False)  # its place in the version that has it, 0 where none is stored

    @property
    def kind(self) -> Kind:
        return CATALOGUE[self.code]

    @property
    def severity(self) -> str:
        """ "error" or "warning"."""
        return self.kind.severity

    @property
    def blocks(self) -> bool:
        """Whether it must be gone before the workbook can be submitted."""
        return self.kind.blocks

    @property
    def message(self) -> str:
        """What is the matter, in the active language."""
        return str(self.kind.message) % {name: in_one(text) for name, text in self.params.items()}

    @property
    def rule(self) -> str:
        """The rule it rests on, in the active language."""
        return str(self.kind.rule)

    @property
    def remedy(self) -> str:
        """What to do, in the active language."""
        return str(self.kind.remedy)

    def record(self) -> dict[str, Any]:
        """Plain data for storage, free of any language."""
        return {"code": self.code, "sheet": self.sheet, "cell": self.cell, "params": dict(self.params)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Finding":
        return cls(record["code"], record["sheet"], record["cell"], record["params"])


@dataclass(frozen=True, slots=True)
class Reason:
    """What an officer wrote at a datum when sending it back; it stands at its cell as a finding does. `label` names the datum."""

    sheet: str
    cell: str
    message: str
    label: str = ""

    remedy: ClassVar[str] = ""
    blocks: ClassVar[bool] = False


def halves(text: str) -> tuple[str, ...]:
    """The two names of a text that is made by `both` and nothing else; none for any other."""
    found = _BOTH.fullmatch(text)
    return found.groups() if found else ()


def in_one(text: str) -> str:
    """A text with the reader's half of every name that stands in it for both."""
    return _BOTH.sub(lambda names: in_language(names[1], names[2]), str(text))
