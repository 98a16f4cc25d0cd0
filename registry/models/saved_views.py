"""Views of lists that people keep for themselves. Personal, and no state of record: renamed and thrown away as their owner likes."""

from django.db import models

from registry.models.people import Person
from registry.permissions import Act, Paths


class SavedView(models.Model):
    """A list as one person wants it again: `page` is the list's URL name, `query` its filters, columns and order as in the address."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=80)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)

    WHOSE = Paths(view=Act.KEEP_VIEW, person="person")

    class Meta:
        ordering = ["page", "name"]
        constraints = [models.UniqueConstraint(fields=["person", "page", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
