"""What the checks may know beside the month itself; everything may be missing, and then the checks that need it stay silent."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from reporting.accounting.terms import Accounts
from reporting.content import Content


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line as the registry knows it; `capacity` in the sector's own measure: 10⁴ t/a of iron, t/d of clinker, t/a of aluminium."""

    code: str
    kind: str = ""
    capacity: Decimal | None = None
    commissioned: dt.date | None = None


@dataclass(frozen=True, slots=True)
class CheckContext:
    """`earlier` are the unit's months before this one, newest first, at most twelve; `intensities` by line those months' own
    intensities, newest first; `lines` None means that the unit's lines aren't known; `today` is the day of submission."""

    lines: Mapping[str, LineFacts] | None = None
    earlier: tuple[Content, ...] = ()
    last_accounts: Accounts | None = None
    intensities: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)
    today: dt.date | None = None
