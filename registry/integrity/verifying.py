"""Everything that can be verified at once: each app offers its looks, `manage.py verify_all` takes them all. Nothing is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import journal
from registry.journal import chain_end as journal_end
from registry.journal.seals.check import check
from registry.models import JournalHead

__all__ = ["Fault", "Look", "Looked", "offer", "verify"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: a row as "app.model key", a file, an entry."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


@dataclass(slots=True)
class Looked:
    """What a look found: how many things were checked, what is wrong, and what could not be said of it."""

    checked: int = 0
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Look = Callable[[], Looked]
_looks: dict[str, tuple[Promise, Look]] = {}


def offer(code: str, name: Promise, look: Look) -> None:
    """Have a look taken, under a code for programs and a name for people."""
    _looks[code] = name, look


def verify() -> Iterator[tuple[str, str, Looked]]:
    """Take every look, in the order in which they were offered: code, name, what was found.

    One that breaks off is a fault like any other: what it meets may be anything that somebody has put there.
    """
    for code, (name, look) in _looks.items():
        try:
            looked = look()
        except Exception as error:
            looked = Looked(faults=[Fault("", _("the check was interrupted: %(error)r") % {"error": error})])
        yield code, str(name), looked


def _chain() -> Looked:
    head = JournalHead.objects.filter(pk=1).first()
    if head is None:
        return Looked(faults=[Fault("registry.journalhead 1", _("the journal's head is missing"))])
    back, small = journal.backdated()
    faults = [Fault("registry.journalentry", said) for said in (*journal.verify(), *map(str, back))]
    return Looked(head.sequence, faults, [journal.told_as_late(small)] if small else [])


def _end() -> Looked:
    kept = journal_end.kept()
    if kept is None:
        return Looked(
            notes=[_("No end of the journal has been recorded in this data directory yet: nothing to compare with.")]
        )
    return Looked(1, [Fault(str(journal_end.path()), said) for said in journal_end.faults(kept)])


def _papers() -> Looked:
    found = check()
    faults = [Fault(f"{each.model} {each.key}", each.what) for each in found.departures]
    return Looked(sum(found.bound.values()), faults)


def name() -> None:
    """Offer the registry's own; asked for when the app is ready."""
    offer("journal", gettext_lazy("The journal's chain"), _chain)
    offer("journal_end", gettext_lazy("The journal's end against the last one recorded"), _end)
    offer("papers", gettext_lazy("Documents and recorded states"), _papers)
