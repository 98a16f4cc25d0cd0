"""Whose evidence a technical service body may look at: that of the unit, sector and year that it verifies, and no other."""

from collections.abc import Callable

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

__all__ = ["assigned_to", "verified_by"]


def assigned_to(body: int) -> Q:
    """The condition on annual reports: those that the body was given, and that were not withdrawn from it."""
    given = apps.get_model("reporting", "Verification")._default_manager.filter(body=body).exclude(state="withdrawn")
    return Q(pk__in=given.values("report"))


def verified_by(prefix: str = "") -> Callable[[int], Q]:
    """The condition on rows whose unit, sector and year stand at `prefix`, made from a body's key."""

    def condition(body: int) -> Q:
        # By name: the models that ask for this condition are loaded before that of the verification.
        verification = apps.get_model("reporting", "Verification")
        given = verification._default_manager.filter(body=body).exclude(state="withdrawn")
        same = {name: OuterRef(f"{prefix}{name}") for name in ("unit", "sector", "year")}
        # By the units an index finds the rows; the rest alone would be asked of every row of the country.
        return Q(**{f"{prefix}unit__in": given.values("unit")}) & Q(Exists(given.filter(**same)))

    return condition
