"""How much slower than plain float64 the exact determination of a million lines is, and how often float64 is wrong.

Run by hand: `python -m tests.benchmarks.bench_determination`. Times are the best of several; nothing here is a test.
"""

import os
import sys
import time
from collections.abc import Callable
from decimal import Decimal

import django
import numpy as np

LINES = 1_000_000
ROUNDS = 7


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quota_site.settings")
    django.setup()
    from allocation import plans
    from allocation.method import vector
    from allocation.method.rules import rules_of

    rules = rules_of(plans.load_plan("2024-2025-final"), "cement", 2025).at(Decimal("0.85"))
    for name, columns in (("ordinary", _ordinary()), ("exactly whole", _whole())):
        data = vector.Columns(*columns)
        floats = [column.astype(float) for column in columns]
        plain = _best(lambda floats=floats: _in_floats(*floats))
        exact = _best(lambda data=data: vector.quotas(data, rules))
        wrong = int((_in_floats(*floats) != vector.quotas(data, rules)[0]).sum())
        sys.stdout.write(
            f"{name}: float64 {plain:.4f} s, exact {exact:.4f} s, ratio {exact / plain:.1f}; "
            f"float64 wrong in {wrong} of {LINES} lines\n"
        )


def _ordinary() -> tuple[np.ndarray, ...]:
    draw = np.random.default_rng(1).integers
    return draw(10**5, 10**7, LINES), draw(7 * 10**8, 10**9, LINES), draw(9 * 10**8, 10**9, LINES)


def _whole() -> tuple[np.ndarray, ...]:
    """X = k/1000 and E a multiple of 20,000, so that E·(1 + 0.15·X) is a whole number."""
    draw = np.random.default_rng(2).integers
    n, k = draw(1, 10**5, LINES) * 1000, draw(-199, 200, LINES)
    return draw(1, 5000, LINES) * 20_000, 17 * n - 17 * n // 1000 * k, 20 * n


def _in_floats(emissions: np.ndarray, main: np.ndarray, output: np.ndarray) -> np.ndarray:
    return np.floor(emissions * (1 + np.clip(0.15 * (0.85 - main / output) / 0.85, -0.03, 0.03)))


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
