"""What a year may come to; each expected number's sum stands beside it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.queries.forecast import forecast, together

YEAR = [f"2026-{month:02}" for month in range(1, 13)]
LAST = {f"2025-{month:02}": 100 for month in range(1, 13)}


def test_nothing_is_foretold_before_the_first_month():
    assert forecast(YEAR, {}, LAST) is None
    assert forecast(YEAR, LAST, LAST) is None  # another year's months are not this year's


def test_missing_months_are_last_years_times_the_years_own_ratio():
    found = forecast(YEAR, {"2026-01": 90, "2026-02": 120}, LAST)
    # known 90 + 120 = 210, bases 200: scale 1.05; ten missing months of 100 × 1.05 = 1,050
    assert (found.so_far, found.scale, found.tonnes) == (210, Fraction(21, 20), 1_260)
    # lowest ratio 0.9: 210 + 10 × 90; highest 1.2: 210 + 10 × 120
    assert (found.lowest, found.highest) == (1_110, 1_410)
    assert (len(found.known), len(found.missing), found.by_mean) == (2, 10, False)


@pytest.mark.parametrize(
    ("known", "past", "has_range"),
    [
        (["2026-01"], LAST, False),
        (["2026-01"], {}, False),
        (["2026-01", "2026-02"], LAST, True),  # even where both say the same
        (["2026-01", "2026-02"], {}, True),
        (
            ["2026-01", "2026-02"],
            LAST | {"2025-02": 0},
            True,
        ),  # one of them alone can be compared, but both have a mean
        (["2026-01", "2026-02"], {"2025-01": 100}, True),  # the others are the mean of two
    ],
)
def test_one_month_makes_no_range(known, past, has_range):
    assert forecast(YEAR, dict.fromkeys(known, 90), past).has_range is has_range


def test_the_season_is_kept():
    seasons = LAST | {"2025-12": 400}
    # scale 50/100 = ½; ten months of 100 and one of 400: 50 + ½ × (10 × 100 + 400) = 750
    assert forecast(YEAR, {"2026-01": 50}, seasons).tonnes == 750


def test_of_two_earlier_years_the_mean_counts():
    both = LAST | {month.replace("2025", "2024"): 300 for month in LAST}
    # base 200 a month, scale 100/200: 100 + 11 × 200 × ½ = 1,200
    assert forecast(YEAR, {"2026-01": 100}, both).tonnes == 1_200


def test_without_a_past_the_mean_of_the_year_counts():
    found = forecast(YEAR, {"2026-01": 90, "2026-02": 120}, {})
    # mean 105: 210 + 10 × 105; 210 + 10 × 90; 210 + 10 × 120
    assert (found.tonnes, found.lowest, found.highest) == (1_260, 1_110, 1_410)
    assert (found.scale, found.by_mean) == (None, True)


def test_a_month_that_has_no_past_is_the_mean():
    past = {month: amount for month, amount in LAST.items() if month != "2025-12"}
    found = forecast(YEAR, {"2026-01": 90, "2026-02": 120}, past)
    # 210 + 9 × 105 (March to November) + mean 105
    assert (found.tonnes, found.by_mean) == (1_260, True)


def test_a_month_of_standstill_scales_nothing():
    stood_still = LAST | {"2025-01": 0}
    # January 2026 has no ratio; February 110/100: 90 + 110 + 10 × 110 = 1,300
    assert forecast(YEAR, {"2026-01": 90, "2026-02": 110}, stood_still).tonnes == 1_300
    # only January known: no ratio at all, so its own mean: 12 × 90
    assert forecast(YEAR, {"2026-01": 90}, stood_still).tonnes == 1_080


def test_a_whole_year_is_its_sum():
    found = forecast(YEAR, dict.fromkeys(YEAR, 7), LAST)
    assert (found.missing, found.tonnes, found.lowest, found.highest) == ((), 84, 84, 84)


def test_a_unit_that_left_owes_fewer_months():
    # asked until March: 100 + 100 + 100
    assert forecast(YEAR[:3], {"2026-01": 100}, LAST).tonnes == 300


def test_half_tonnes_are_rounded_up_once():
    # 0.25 in each of two known months, two asked for: 0.5 → 1
    assert forecast(YEAR[:2], {"2026-01": Decimal("0.25"), "2026-02": Decimal("0.25")}, {}).tonnes == 1


BEGAN = {"2025-05": Fraction(14, 31)}  # on the 18th
RAN = dict(zip(YEAR[:5], (91_000, 90_500, 92_440, 91_940, 93_310), strict=True))
YOUNG = {"2025-05": 42_353} | dict.fromkeys(list(LAST)[5:], 92_000)


def test_the_month_in_which_a_line_began_is_no_base():
    """A line of 18 May 2025: its 14 days of May made 42,353 t, and a whole May a year later says nothing of the season."""
    found = forecast(YEAR, RAN, YOUNG, BEGAN)
    # 459,190 so far, 91,838 a month; seven months more of 91,838: 459,190 × 12/5 = 1,102,056; as whole May it was 1,848,936
    assert (found.scale, found.by_mean, found.tonnes) == (None, True, 1_102_056)
    assert forecast(YEAR, RAN, YOUNG).tonnes > 1_800_000
    # Lowest and highest month: 459,190 + 7 × 90,500; 459,190 + 7 × 93,310
    assert (found.lowest, found.highest) == (1_092_690, 1_112_360)


def test_the_range_holds_what_plain_scaling_gives():
    """Last year's second half was half of its first: the season says 90 + 120 + 4 × 105 + 6 × 52.5, plain scaling 12 × 105."""
    past = {month: 100 if month < "2025-07" else 50 for month in LAST}
    found = forecast(YEAR, {"2026-01": 90, "2026-02": 120}, past)
    assert (found.tonnes, found.highest) == (945, 1_260)


def test_a_month_in_which_a_line_begins_or_ends_counts_by_its_days():
    shares = {"2026-01": Fraction(0), "2026-02": Fraction(1, 4), "2026-11": Fraction(1, 2), "2026-12": Fraction(0)}
    # a quarter of February 25 t, March 100 t: 125 / 1¼ = 100 a month; seven whole months and half of November: 125 + 750
    found = forecast(YEAR[1:], {"2026-02": 25, "2026-03": 100}, {}, shares)
    assert (found.tonnes, found.lowest, found.highest) == (875, 875, 875)
    # beside last year's 100 each: 125 / (25 + 100) = 1
    assert forecast(YEAR[1:], {"2026-02": 25, "2026-03": 100}, LAST, shares).tonnes == 875


def test_a_units_year_is_its_lines_together():
    old = forecast(YEAR, {"2026-01": 90, "2026-02": 120}, LAST)  # 1,260, range 1,110 to 1,410
    new = forecast(YEAR[1:], {"2026-02": 50}, {}, {"2026-01": Fraction(0)})  # 50 × 11
    found = together(YEAR, {"2026-01": 90, "2026-02": 170}, [old, new])
    assert (found.so_far, found.tonnes, found.by_lines) == (260, 1_810, True)
    assert (found.lowest, found.highest) == (1_110 + 550, 1_410 + 550)
    assert together(YEAR, {}, [old]) is together(YEAR, {"2026-01": 1}, []) is None


amounts = st.dictionaries(st.sampled_from(YEAR), st.integers(0, 10**9), min_size=1)
pasts = st.dictionaries(
    st.sampled_from([*LAST, *(month.replace("2025", "2024") for month in LAST)]), st.integers(0, 10**9)
)


@given(amounts, pasts)
def test_the_forecast_lies_in_its_range(known, past):
    found = forecast(YEAR, known, past)
    assert found.low <= found.expected <= found.high
    assert found.expected >= found.so_far == sum(known.values())


@pytest.mark.parametrize("factor", [2, 1000])
def test_a_unit_twice_as_large_has_twice_the_forecast(factor):
    known, past = {"2026-01": 90, "2026-03": 121}, LAST | {"2025-07": 33}
    larger = forecast(YEAR, {k: v * factor for k, v in known.items()}, {k: v * factor for k, v in past.items()})
    assert larger.expected == forecast(YEAR, known, past).expected * factor
