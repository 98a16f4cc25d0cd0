"""Verified figures that are outliers before a balance value is computed: what can't be used, and what somebody must confirm."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from allocation.method.determination import (
    case_without_intensity,
    faults,
    intensity,
    label_with_low_rate,
    rate_without_label,
)
from allocation.method.line_facts import LineInput
from allocation.method.plan_rules import Rules


class Kind(StrEnum):
    """What is unusual about a line. The values are stored with confirmations: they never change."""

    UNUSABLE = "unusable"
    OUTPUT_ONLY = "output_only"
    INTENSITY = "intensity"
    RATE_WITHOUT_LABEL = "rate_without_label"
    LABEL_WITH_LOW_RATE = "label_with_low_rate"


BLOCKING = frozenset({Kind.UNUSABLE})
# Worth a look, and nobody need confirm it: the rate decides, whatever the label says.
NOTED = frozenset({Kind.RATE_WITHOUT_LABEL, Kind.LABEL_WITH_LOW_RATE})


@dataclass(frozen=True, slots=True)
class Outlier:
    """A line by its place in the list, and what is unusual about it.

    `field` and `message` say what makes an unusable line unusable; `median` is the sector's where the intensity is an outlier.
    """

    index: int
    line: LineInput
    kind: Kind
    field: str = ""
    message: str = ""
    median: Fraction | None = None

    @property
    def intensity(self) -> Fraction | None:
        return intensity(self.line) if self.line.main_emissions is not None and self.line.output else None

    @property
    def times(self) -> Fraction | None:
        """The intensity as so many times the median; None where there is no median."""
        own = self.intensity
        return own / self.median if self.median and own is not None else None


def outliers(lines: Iterable[LineInput], rules: Rules, factor: Decimal) -> list[Outlier]:
    """All outliers among the lines whose intensity decides, in their order; one thing at most of each line.

    Beside them, whatever decides, the lines whose label and carbide-slag rate say different things.

    A line without emissions but with output is one; an intensity `factor` times the median or more, or the median `factor` times it or
    more, is another. The median is that of the lines that emitted, the lower one of two.
    """
    lines = list(lines)
    unusable = {fault.index: fault for fault in faults(lines, rules)}
    found = [
        Outlier(index, lines[index], Kind.UNUSABLE, fault.field, fault.message) for index, fault in unusable.items()
    ]
    deciding = [
        (index, line)
        for index, line in enumerate(lines)
        if index not in unusable and case_without_intensity(line, rules) is None
    ]
    found += [Outlier(index, line, Kind.OUTPUT_ONLY) for index, line in deciding if not line.emissions]
    emitting = [(index, line, intensity(line)) for index, line in deciding if line.emissions]
    median = _median([own for _index, _line, own in emitting])
    found += [
        Outlier(index, line, Kind.INTENSITY, median=median)
        for index, line, own in emitting
        if _far(own, median, Fraction(factor))
    ]
    seen = {one.index for one in found}
    found += [
        Outlier(index, line, kind)
        for index, line in enumerate(lines)
        if index not in seen and (kind := _label_and_rate(line, rules))
    ]
    return sorted(found, key=lambda one: one.index)


def _label_and_rate(line: LineInput, rules: Rules) -> Kind | None:
    if rate_without_label(line, rules):
        return Kind.RATE_WITHOUT_LABEL
    return Kind.LABEL_WITH_LOW_RATE if label_with_low_rate(line, rules) else None


def _median(intensities: Sequence[Fraction]) -> Fraction | None:
    return sorted(intensities)[(len(intensities) - 1) // 2] if intensities else None


def _far(own: Fraction, median: Fraction | None, factor: Fraction) -> bool:
    """Whether one is so many times the other; beside a line that has some an intensity of nothing is always far."""
    if median is None or own == median:
        return False
    return own >= median * factor or own * factor <= median
