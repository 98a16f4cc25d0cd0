"""Questions about rows by their keys that many acts ask: Django puts their SQL together once, which takes it longer than asking."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model, Q
from django.db.models.expressions import Col

__all__ = ["Question"]

_Converter = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Question:
    """These columns (by `attname`) of the model's rows whose field `by` is one of some keys, which are whole numbers.

    `when` narrows the rows down; `order` may be empty.
    """

    model: type[Model]
    by: str
    names: tuple[str, ...]
    when: Q | None = None
    order: tuple[str, ...] = ()

    def rows(self, keys: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Ask the database, with one statement; keys must differ."""
        if not keys:
            return
        sql, more = _statement(self, len(keys), connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(sql, [*keys, *more])
            found = cursor.fetchall()
        converted = _converters(self, connection.vendor)
        for row in found:
            values = dict(zip(self.names, row, strict=True))
            for name, column, converters in converted:
                for convert in converters:
                    values[name] = convert(values[name], column, connection)
            yield values


@functools.lru_cache(maxsize=512)
def _statement(question: Question, count: int, _vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The SQL for so many keys, and the parameters that follow them."""
    places = tuple(range(1, count + 1))
    rows = question.model._default_manager.filter(**{f"{question.by}__in": places}).order_by(*question.order)
    if question.when is not None:
        rows = rows.filter(question.when)
    sql, parameters = rows.values_list(*question.names).query.get_compiler(connection=connection).as_sql()
    if tuple(parameters[:count]) != places:
        raise ValueError(f"{question}: its keys are not its first parameters")
    return sql, tuple(parameters[count:])


@functools.cache
def _converters(question: Question, _vendor: str) -> list[tuple[str, Col, list[_Converter]]]:
    """How columns become what Django's own rows would have."""
    table = question.model._meta.db_table
    fields = {field.attname: field for field in question.model._meta.concrete_fields}
    columns = {name: fields[name].get_col(table) for name in question.names}
    each = [
        (name, column, [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)])
        for name, column in columns.items()
    ]
    return [(name, column, converters) for name, column, converters in each if converters]
