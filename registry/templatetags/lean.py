"""What templates/tables/table.html asks of a django-tables2 table, worked out once per column instead of once per cell.

The stock template builds every cell's attributes anew, which costs more than the query behind the table. Here a column's
classes come from `attrs["td"]["class"]` once; attributes that depend on the record belong on the row (`Meta.row_attrs`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django_tables2 import Table
from django_tables2.columns import BoundColumn
from django_tables2.utils import AttributeDict

register = template.Library()

# With more columns than this a phone scrolls the table; with fewer each row becomes a card.
MOST_CARD_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Head:
    """A column as its heading needs it; `sort` is the value of aria-sort, empty where the table isn't sorted by it."""

    name: str
    text: Any
    css: str
    footer: Any
    url: str
    sort: str


@register.simple_tag
def table_heads(table: Table, request: HttpRequest | None = None) -> list[Head]:
    """The visible columns of a table, with the address that sorts by each; from here on the table knows for whom it is."""
    if request is not None:
        table.request = request
    query = request.GET if request else QueryDict()
    return [_head(table, column, query) for column in table.columns]


def _head(table: Table, column: BoundColumn, query: QueryDict) -> Head:
    alias = column.order_by_alias
    url, sort = "", ""
    if column.orderable:
        url = _address(query, {table.prefixed_order_by_field: str(alias.next)}, without=table.prefixed_page_field)
        if column.is_ordered:
            sort = "descending" if alias.is_descending else "ascending"
    return Head(column.name, column.header, _css(column), column.footer, url, sort)


def _css(column: BoundColumn) -> str:
    return str(column.column.attrs.get("td", {}).get("class", ""))


@register.simple_tag
def table_rows(table: Table, heads: list[Head]) -> Iterator[SafeString]:
    """Each row of the current page as finished HTML."""
    opens = [_open_cell(head) for head in heads]
    names = [head.name for head in heads]
    for row in table.paginated_rows:
        start = f"<tr {AttributeDict(row.attrs).as_html()}>" if table.row_attrs else "<tr>"
        cells = "".join(
            f"{begin}{conditional_escape(row.get_cell(name))}</td>" for begin, name in zip(opens, names, strict=True)
        )
        yield mark_safe(f"{start}{cells}</tr>\n")  # noqa: S308  every cell was escaped above


def _open_cell(head: Head) -> str:
    css = format_html(' class="{}"', head.css) if head.css else ""
    return format_html('<td{} data-label="{}">', css, head.text)


@register.simple_tag
def table_shape(table: Table, heads: list[Head]) -> str:
    """The region's classes: `cards` for lists of few columns, unless the table's own class says `scroll` or `hold`."""
    own = str((table.attrs or {}).get("class", ""))
    fits = len(heads) <= MOST_CARD_COLUMNS and not table.has_footer()
    return f"{own} cards" if fits and not {"cards", "scroll", "hold"} & set(own.split()) else own


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """The present address's query with `changes`; a change to None leaves the key out."""
    request = context.get("request")
    return _address(request.GET if request else QueryDict(), changes)


@register.simple_tag(takes_context=True)
def address_fields(context: template.Context, *without: str) -> list[tuple[str, str]]:
    """The present address's query as fields of a form that adds to it; without those that it asks for itself."""
    request = context.get("request")
    lists = request.GET.lists() if request else ()
    return [(name, value) for name, values in lists if name not in without for value in values]


@register.simple_tag(takes_context=True)
def page_address(context: template.Context, field: str, number: int) -> str:
    """The present address with another page; `field` is the name of the page parameter."""
    return with_query(context, **{field: number})


def _address(query: QueryDict, changes: dict[str, Any], without: str = "") -> str:
    copy = query.copy()
    copy.pop(without, None)
    for key, value in changes.items():
        if value is None:
            copy.pop(key, None)
        else:
            copy[key] = value
    return f"?{copy.urlencode()}"
