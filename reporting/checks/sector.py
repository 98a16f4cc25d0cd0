"""What is checked of one sector and of no other (sectors)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from registry.values.sectors import part
from reporting.checks.context import Checked
from reporting.findings import Finding

__all__ = ["Checks", "of"]


@dataclass(frozen=True, slots=True)
class Checks:
    """`usual` are checks against what is usual in the sector; the band of its intensity is a threshold of checks.toml."""

    usual: tuple[Callable[[Checked], Iterator[Finding]], ...] = ()


def of(sector: str) -> Checks:
    checks: Checks = part(sector, "checks").CHECKS
    return checks
