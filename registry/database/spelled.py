"""Columns that follow a name: how it is typed on a Latin keyboard, so that it can be searched for by an index."""

from typing import Any

from django.db import models

from registry.values import pinyin

__all__ = ["Initials", "Pinyin"]


class _Spelled(models.CharField):  # type: ignore[type-arg]
    """Written from the column `of` whenever the row is, as `auto_now` writes a time: nobody has to think of it.

    Whoever saves single columns (`update_fields`) of a renamed row names this one, too.
    """

    def __init__(self, *args: Any, of: str = "name", **kwargs: Any) -> None:
        self.of = of
        given: dict[str, Any] = {"blank": True, "default": "", "editable": False, "db_index": True}
        super().__init__(*args, **(given | kwargs))

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        spelled = self.spell(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, spelled)
        return spelled

    def spell(self, name: str) -> str:
        """What the column says of a name."""
        raise NotImplementedError


class Pinyin(_Spelled):
    """The whole of it: fengxigangtie."""

    def spell(self, name: str) -> str:
        return pinyin.full(name)


class Initials(_Spelled):
    """Its first letters: fxgt."""

    def spell(self, name: str) -> str:
        return pinyin.initials(name)
