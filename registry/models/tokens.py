"""Tokens with which an enterprise's own systems file for it: what each may do, for whom, until when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.people import Person
from registry.models.units import Unit
from registry.permissions import Act, Paths


class ApiToken(models.Model):
    """A token, append-only. The secret itself is kept nowhere: `sha256` finds it, `prefix` lets people tell tokens apart.

    Whatever is done with it counts as done by `person`, a clerk of `unit`; `scopes` is sorted and separated by spaces.
    """

    class Scope(models.TextChoices):
        READ = "read", _("read packages and outcomes")
        UPLOAD = "upload", _("upload workbooks")
        SUBMIT = "submit", _("submit packages")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tokens")
    person = models.ForeignKey(Person, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=40)
    granted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    WHOSE = Paths(view=Act.VIEW_TOKEN, unit="unit")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="token_expires", condition=Q(expires_at__gt=F("granted_at"))),
            models.CheckConstraint(name="token_has_scope", condition=~Q(scopes="")),
            models.CheckConstraint(name="token_four_eyes", condition=~Q(granted_by=F("person"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_list(self) -> list[str]:
        return self.scopes.split()


class ApiTokenRevocation(models.Model):
    """That a token was ended before its time; append-only."""

    token = models.OneToOneField(ApiToken, models.PROTECT, related_name="revocation")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class ApiTokenUse(models.Model):
    """When a token was last used, to the hour: the only thing about it that changes."""

    token = models.OneToOneField(ApiToken, models.PROTECT, related_name="use")
    last_used_at = models.DateTimeField(null=True)
