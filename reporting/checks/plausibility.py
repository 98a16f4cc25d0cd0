"""Checks against what is usual. Their thresholds are the platform's own, and a warning is all that they can cause."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import median

from registry.values import sectors
from registry.values.exact import half_up
from reporting.checks import sector
from reporting.checks.context import Checked, Spot
from reporting.content import days_in
from reporting.findings import Finding, both

# Half of all normally spread values lie within 0.6745 standard deviations of their middle.
NORMAL_MAD = Fraction(6745, 10_000)

WORDS = {
    "emissions": both("碳排放量", "emissions"),
    "output": both("产量", "output"),
    "intensity": both("碳排放强度", "intensity"),
}


def output_fits_capacity(checked: Checked) -> Iterator[Finding]:
    """Output stays below approved capacity × days × factor."""
    factor = checked.threshold("capacity.factor")
    for line, total in checked.sound_lines.items():
        facts = (checked.context.lines or {}).get(line)
        if facts is None or facts.capacity is None:
            continue
        limit = by_capacity(checked.content.sector, facts.capacity, checked.content.period) * Fraction(factor)
        if total.output > limit:
            params = {"line": line, "output": f"{total.output:,f}", "limit": f"{half_up(limit, 0):,f}"}
            yield Finding("output.above_capacity", *checked.output_at(line), params)


def by_capacity(sector: str, capacity: Decimal, period: str) -> Fraction:
    """Tonnes that approved capacity makes in a period; it is approved by the day or by the year."""
    measure = sectors.of(sector).capacity
    tonnes = Fraction(capacity) * measure.tonnes * days_in(period)
    return tonnes if measure.per == "day" else tonnes / days_in(period[:4])


def intensity_is_usual(checked: Checked) -> Iterator[Finding]:
    """The intensity lies in the band of its kind; a band may be the cohort's instead (checks.peers), special lines have none."""
    band = checked.band(f"band.{checked.content.sector}.intensity")
    if band is None:
        return
    low, high = band
    for line, total in checked.sound_lines.items():
        exact = total.exact_intensity
        if is_ordinary(checked, line) and exact is not None and not low <= exact <= high:
            yield outside(checked.output_at(line), "intensity.out_of_band", line, exact, low, high)


def own_is_usual(checked: Checked) -> Iterator[Finding]:
    """What is usual in the sector alone (sectors)."""
    for check in sector.of(checked.content.sector).usual:
        yield from check(checked)


def is_ordinary(checked: Checked, line: str) -> bool:
    facts = (checked.context.lines or {}).get(line)
    return facts is None or not facts.kind


def outside(place: Spot, code: str, line: str, found: Fraction, low: Decimal, high: Decimal) -> Finding:
    """That a line's ratio lies outside what is usual, told at the place that decides it most."""
    params = {"line": line, "found": f"{half_up(found, 4):f}", "low": f"{low:f}", "high": f"{high:f}"}
    return Finding(code, *place, params)


def change_is_small(checked: Checked) -> Iterator[Finding]:
    """Emissions, output and intensity against last month."""
    if checked.last is None or checked.context.last_accounts is None:
        return
    limit = checked.threshold("change.month")
    for line, total in checked.sound_lines.items():
        before = checked.context.last_accounts.totals.lines.get(line)
        if before is None:
            continue
        pairs = {
            "emissions": (total.emissions, before.emissions),
            "output": (total.output, before.output),
            "intensity": (total.exact_intensity, before.exact_intensity),
        }
        for name, (now, then) in pairs.items():
            change = change_of(now, then)
            if change is not None and abs(change) > limit:
                params = {"line": line, "what": WORDS[name], "change": f"{half_up(change, 1):+f}"}
                yield Finding("change.large", *checked.output_at(line), {**params, "period": checked.last.period})


def change_of(now: Decimal | Fraction | None, then: Decimal | Fraction | None) -> Fraction | None:
    """Per cent; None where there is nothing to compare with."""
    if now is None or then is None or then <= 0:
        return None
    return (Fraction(now) / Fraction(then) - 1) * 100


def intensity_is_no_outlier(checked: Checked) -> Iterator[Finding]:
    """The intensity against the line's own earlier months, by a score that a single odd month can't spoil."""
    if checked.content.is_year:
        return
    limit, few = checked.threshold("outlier.score"), int(checked.threshold("outlier.months"))
    for line, total in checked.sound_lines.items():
        earlier = checked.context.intensities.get(line, ())
        if total.exact_intensity is None or len(earlier) < few:
            continue
        score = robust_score(total.exact_intensity, [Fraction(value) for value in earlier])
        if score is not None and abs(score) > limit:
            middle = half_up(median(Fraction(value) for value in earlier), 4)
            params = {"line": line, "found": f"{total.intensity:f}", "median": f"{middle:f}"}
            params |= {"score": f"{half_up(score, 1):f}"}
            yield Finding("intensity.outlier", *checked.output_at(line), params)


def robust_score(value: Fraction, others: Sequence[Fraction]) -> Fraction | None:
    """0.6745·(value − median) / median distance from the median; None when the others don't vary."""
    middle = median(others)
    distance = median(abs(other - middle) for other in others)
    return score_of(value, middle, distance)


def score_of(value: Fraction, middle: Fraction, distance: Fraction) -> Fraction | None:
    """0.6745·(value − middle) / distance; None where nothing varies."""
    return NORMAL_MAD * (value - middle) / distance if distance else None


CHECKS = (
    output_fits_capacity,
    intensity_is_usual,
    own_is_usual,
    change_is_small,
    intensity_is_no_outlier,
)
