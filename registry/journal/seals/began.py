"""What an older database had before its rows were bound: said once, by the migration that begins to bind them.

Nothing is sealed that nobody saw when it was made: the entry only says up to which key rows were there already, and how many.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from registry.values.canonical import canonical, chained

__all__ = ["ACT", "MARKS", "say"]

ACT = "seals.began"
MARKS = "marks"


def say(apps: Any, labels: Collection[str], at: dt.datetime) -> None:
    """Write the journal's entry about those of these models that have rows; none where there is nothing to say.

    Written with the migration's own models: registry.journal knows the columns of today.
    """
    counts, marks = {}, {}
    for label in labels:
        rows = apps.get_model(label)._default_manager.order_by("pk")
        if last := rows.values_list("pk", flat=True).last():
            counts[label], marks[label] = rows.count(), last
    if marks:
        _append(apps, {"counts": counts, MARKS: marks}, at)


def _append(apps: Any, facts: dict[str, Any], at: dt.datetime) -> None:
    head = apps.get_model("registry.JournalHead").objects.select_for_update().get(pk=1)
    content = {
        "sequence": head.sequence + 1,
        "at": at.astimezone(dt.UTC).isoformat(),
        "actor": None,
        "act": ACT,
        "subject_type": "registry.journalhead",
        "subject_id": "1",
        "unit": None,
        "authority": None,
        "facts": facts,
    }
    own = {name: content[name] for name in ("sequence", "act", "subject_type", "subject_id")}
    hash = chained(head.hash, content)
    apps.get_model("registry.JournalEntry").objects.create(
        **own, at=at, facts=canonical(facts), previous_hash=head.hash, hash=hash
    )
    head.sequence, head.hash = content["sequence"], hash
    head.save()
