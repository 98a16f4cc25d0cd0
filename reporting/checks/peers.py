"""Checks of a line against the same month of all lines of its sector and kind. What they say names no other unit."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import median, quantiles

from registry.values.exact import half_up
from reporting.checks.context import Checked, PeerFacts
from reporting.checks.plausibility import outside, score_of
from reporting.findings import Finding

# Decimals of a peers' month: two more than an intensity is shown with.
PLACES = 6


def month_of(intensities: Sequence[Decimal]) -> PeerFacts:
    """The month of these lines, exactly; of one line the quartiles are the line itself."""
    middle = median(intensities)
    distance = median(abs(each - middle) for each in intensities)
    quarters = quantiles(intensities, n=4, method="inclusive") if len(intensities) > 1 else [middle, middle, middle]
    lower, upper = quarters[0], quarters[2]
    return PeerFacts(len(intensities), *(half_up(each, PLACES) for each in (middle, distance, lower, upper)))


def peers_of(checked: Checked, line: str) -> PeerFacts | None:
    """The peers' month of the line's kind, if there are enough of them to say anything, and for it to be nobody's in particular."""
    facts = (checked.context.lines or {}).get(line)
    found = checked.context.peers.get(facts.kind) if facts else None
    enough = found is not None and found.count >= checked.threshold("outlier.peers.least")
    return found if enough else None


def intensity_is_like_the_peers(checked: Checked) -> Iterator[Finding]:
    """The intensity against the same month of the sector's lines of the same kind."""
    limit = checked.threshold("outlier.peers.score")
    for line, total in checked.sound_lines.items():
        peers, exact = peers_of(checked, line), total.exact_intensity
        if peers is None or exact is None:
            continue
        score = score_of(exact, Fraction(peers.median), Fraction(peers.mad))
        if score is not None and abs(score) > limit:
            params = {"line": line, "found": f"{total.intensity:f}", "median": f"{half_up(peers.median, 4):f}"}
            params |= {"count": str(peers.count), "score": f"{half_up(score, 1):f}"}
            yield Finding("outlier.peers", *checked.output_at(line), params)


def intensity_is_like_the_cohort(checked: Checked) -> Iterator[Finding]:
    """Ironmaking and sintering have no band of their own: it is taken from the middle half of the cohort's month, widened."""
    widening = checked.widening(f"band.{checked.content.sector}.intensity")
    if widening is None:
        return
    widened = Fraction(widening)
    for line, total in checked.sound_lines.items():
        peers, exact = peers_of(checked, line), total.exact_intensity
        if peers is None or exact is None:
            continue
        margin = widened * Fraction(peers.upper - peers.lower)
        low, high = Fraction(peers.lower) - margin, Fraction(peers.upper) + margin
        if not low <= exact <= high:
            ends = half_up(low, 4), half_up(high, 4)
            yield outside(checked.output_at(line), "intensity.out_of_band", line, exact, *ends)


CHECKS = (intensity_is_like_the_peers, intensity_is_like_the_cohort)
