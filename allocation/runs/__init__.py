"""Runs: prepare an authority's quota of a sector and year in a job, have a second person approve exactly that, or refuse it.

People act (`acts`) once nothing stands in the way (`readiness`); a job reads the inputs (`inputs`), computes from them alone and stores
everything (`computing`); and what is stored can be read again and checked against its hashes (`kept_results`).
`standing` keeps at hand what a run's page shows.

`deadlines`, `next_runs` and `redetermination` say what is due, `batches` prepare many at once; the `outcome`
follows from the manifest alone, and `proof` makes it provable.
"""

from allocation.runs.acts import approve, cancel, prepare, refuse
from allocation.runs.inputs import overtaken, stale
from allocation.runs.kept_results import stored_result, tampered
from allocation.runs.readiness import may_begin
from allocation.runs.standing import Figures, Standing, figures_of, standing_of, sums_of

__all__ = [
    "Figures",
    "Standing",
    "approve",
    "cancel",
    "figures_of",
    "may_begin",
    "overtaken",
    "prepare",
    "refuse",
    "stale",
    "standing_of",
    "stored_result",
    "sums_of",
    "tampered",
]
