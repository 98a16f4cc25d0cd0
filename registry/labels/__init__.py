"""How stored codes read: what the journal's acts and the jobs are called, each app naming its own (`journal`), and
sentences that are kept with their values, to be read in any language (`kept_sentences`).
"""

from registry.labels.journal import act, acts, job, jobs, name, stage, thing

__all__ = [
    "act",
    "acts",
    "job",
    "jobs",
    "name",
    "stage",
    "thing",
]
