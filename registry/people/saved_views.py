"""A person's own views of lists: kept, renamed, thrown away. Nothing of it is journalled: it concerns nobody else."""

from django.db import transaction
from django.utils.translation import gettext as _

from registry.access import acting
from registry.database import locking
from registry.models import Person, SavedView
from registry.permissions import Act
from registry.refusal import Refusal

__all__ = ["MOST", "delete", "rename", "save"]

MOST = 60  # of one person, on all lists together


@acting(Act.KEEP_VIEW, about=None)
@transaction.atomic
def save(page: str, name: str, query: str, *, by: Person) -> SavedView:
    """Keep a list as it is shown now; of the same name on the same list there is one, the later."""
    locking.hold(Person, pk=by.pk)
    own = SavedView.objects.filter(person=by)
    if not own.filter(page=page, name=name).exists() and own.count() >= MOST:
        raise Refusal(_("You have saved %(count)s views; delete one first.") % {"count": MOST})
    kept, _created = SavedView.objects.update_or_create(person=by, page=page, name=name, defaults={"query": query})
    return kept


@acting(Act.KEEP_VIEW)
@transaction.atomic
def rename(view: SavedView, name: str, *, by: Person) -> None:
    """Call it otherwise; refused where another view of the list is called so."""
    locking.hold(Person, pk=by.pk)
    if SavedView.objects.filter(person=by, page=view.page, name=name).exclude(pk=view.pk).exists():
        raise Refusal(_("You already have a view called “%(name)s” on this list.") % {"name": name})
    view.name = name
    view.save(update_fields=["name"])


@acting(Act.KEEP_VIEW)
def delete(view: SavedView, *, by: Person) -> None:
    """Throw it away."""
    SavedView.objects.filter(person=by, pk=view.pk).delete()
