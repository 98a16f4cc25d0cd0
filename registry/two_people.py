"""What holds of every act that takes two people: a second one takes the second step, and whoever says no says why."""

from django.utils.translation import gettext as _

from registry.models import Person
from registry.refusal import Refusal

__all__ = ["reason_of", "refuse_other", "refuse_same"]


def refuse_same(by: Person, *earlier: int | None) -> None:
    """Raise where the person is one of those (by key) who took an earlier step."""
    if by.pk in earlier:
        raise Refusal(_("You took an earlier step of this yourself: a second person must take this one."))


def refuse_other(by: Person, proposer: int | None) -> None:
    """Raise unless it is the person's own proposal, which nobody else takes back."""
    if by.pk != proposer:
        raise Refusal(_("Only the person who proposed it can withdraw it, before it is decided on."))


def reason_of(text: str) -> str:
    """The reason as it is kept; raises where there is none."""
    if not (reason := text.strip()):
        raise Refusal(_("A reason is required: it is shown to those concerned and kept on record."))
    return reason
