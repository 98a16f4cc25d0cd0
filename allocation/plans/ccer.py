"""On what conditions voluntary emission reductions 核证自愿减排量 (CCER) may settle a part of what is due (allocation.md §5)."""

from allocation import kept_shapes
from allocation.plans import library

__all__ = ["conditions"]

_SHARE, _AFTER, _INSIDE = (f"surrender.ccer.{name}" for name in ("share", "registered_after", "from_covered_units"))


def conditions(sector: str, year: int) -> kept_shapes.CcerConditions | None:
    """As the plan in force says them for the emission year; None where it lets no such reductions count."""
    terms = library.in_force(sector, year).for_year(year)
    if (share := terms.find(_SHARE)) is None:
        return None
    return {
        "share": f"{terms.number(_SHARE):f}",
        "registered_after": str(terms.value(_AFTER).value),
        "from_covered_units": terms.value(_INSIDE).value is True,
        "cite": share.cite,
        "cite_zh": share.cite_zh,
    }
