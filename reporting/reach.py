"""Whose evidence a technical service body may look at: that of the unit, sector and year that it verifies, and no other."""

from collections.abc import Callable

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

__all__ = ["verified_by"]


def verified_by(prefix: str = "") -> Callable[[int], Q]:
    """The condition on rows whose unit, sector and year stand at `prefix`, made from a body's key."""

    def condition(body: int) -> Q:
        # By name: the models that ask for this condition are loaded before that of the verification.
        verification = apps.get_model("reporting", "Verification")
        same = {name: OuterRef(f"{prefix}{name}") for name in ("unit", "sector", "year")}
        return Q(Exists(verification._default_manager.filter(body=body, **same)))

    return condition
