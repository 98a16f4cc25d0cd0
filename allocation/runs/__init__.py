"""Runs: prepare an authority's quota of a sector and year in a job, have a second person approve exactly that, or refuse it.

People act (`acts`) once nothing stands in the way (`readiness`); a job reads the inputs (`inputs`), computes from them alone and stores
everything (`computing`); and what is stored can be read again and checked against its hashes (`stored`).
"""

from allocation.runs.acts import approve, cancel, prepare, refuse
from allocation.runs.inputs import overtaken, stale
from allocation.runs.readiness import may_begin
from allocation.runs.stored import stored_result, tampered

__all__ = ["approve", "cancel", "may_begin", "overtaken", "prepare", "refuse", "stale", "stored_result", "tampered"]
