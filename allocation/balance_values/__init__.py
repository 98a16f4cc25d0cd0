"""Balance values: results are complete (`completeness`), outliers are looked at (`outliers`, by the dated data of
`law`), a job computes the sector's value and a second person publishes it (`acts`); it is taken apart (`study`) and
recomputed on later results, for comparison only (`recomputations`).
"""

from allocation.balance_values.acts import METHOD, inputs, publish, published, request, stale, tampered, withdraw

__all__ = [
    "METHOD",
    "inputs",
    "publish",
    "published",
    "request",
    "stale",
    "tampered",
    "withdraw",
]
