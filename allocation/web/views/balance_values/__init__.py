"""Pages of balance values: the `values`, their `outliers`, `study`, `sensitivity` and `recomputations`."""
