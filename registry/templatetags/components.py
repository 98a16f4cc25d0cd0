"""The parts that pages are put together from; docs/design-system.md shows each with an example.

A tone says what a part means, never only by colour: neutral, ok, warn, danger, info.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from registry.labels import kept_sentences
from registry.values import figures
from registry.values.bilingual import Bilingual, bracketed, listed, name_of
from registry.values.measures import measure

register = template.Library()
register.filter("said", kept_sentences.read)
register.filter(bracketed)
register.filter(listed)

TONES = ("neutral", "ok", "warn", "danger", "info")
SOON_DAYS = 10

Row = tuple[str, figures.Number | None]
Part = tuple[str, int, str]
T = TypeVar("T")


class Banded(Protocol):
    """A value and the band in which others lie, both or either."""

    @property
    def own(self) -> figures.Number | None: ...

    @property
    def ends(self) -> tuple[figures.Number, figures.Number] | None: ...


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise ValueError(f"unknown tone {tone!r}")
    return tone


@register.simple_tag
def badge(text: Any, tone: str = "neutral") -> SafeString:
    """A state in a word or two."""
    return format_html('<span class="mark tone-{}">{}</span>', _tone(tone), text)


@register.simple_tag
def bilingual(thing: Bilingual) -> str:
    """The name of something that has one in both languages (a law's parameter, a plan), in the page's language."""
    return name_of(thing)


@register.simple_tag(takes_context=True)
def deadline(
    context: Context, due: dt.date | dt.datetime | None, settled: bool = False, on: dt.date | None = None
) -> str:
    """The last day of a term and how far it is from `on`, else the page's `as_of`, else today; no countdown once settled."""
    if due is None:
        return figures.DASH
    last = timezone.localdate(due) if isinstance(due, dt.datetime) else due
    if settled:
        return format_html('<time class="due" datetime="{}">{}</time>', last.isoformat(), figures.day(last))
    left = (last - (on or context.get("as_of") or context["today"])).days
    return format_html(
        '<span class="due tone-{}"><time datetime="{}">{}</time><span class="due-left">{}</span></span>',
        deadline_tone(left),
        last.isoformat(),
        figures.day(last),
        _days_left(left),
    )


def deadline_tone(left: int) -> str:
    """The tone of a term with `left` days to go: danger once missed, warn in its last days."""
    if left < 0:
        return "danger"
    return "warn" if left <= SOON_DAYS else "neutral"


def _days_left(left: int) -> str:
    if left == 0:
        return gettext("due today")
    if left > 0:
        return ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}
    return ngettext("%(days)s day late", "%(days)s days late", -left) % {"days": -left}


@register.inclusion_tag("partials/stat.html")
def stat(label: Any, value: Any, unit: Any = "", note: Any = "", tone: str = "", url: str = "") -> dict[str, Any]:
    """One figure that matters, already formatted, with its name."""
    return {
        "label": label,
        "value": value,
        "unit": measure(unit),
        "note": note,
        "tone": tone and _tone(tone),
        "url": url,
    }


@register.simple_block_tag
def callout(content: str, tone: str = "info", title: Any = "") -> SafeString:
    """A remark that must not be missed, around any content."""
    heading = format_html('<p class="callout-title">{}</p>', title) if title else ""
    return format_html('<div class="callout tone-{}">{}{}</div>', _tone(tone), heading, content)


@register.simple_block_tag(takes_context=True)
def crumbs(context: Context, content: str) -> SafeString:
    """The way to the page from above: the group and the list that it belongs to (the frame's `place`), then what the page says of
    itself, each step a `crumb`. Nothing where there is nothing above the page."""
    place = context.get("place")
    above = ""
    if place is not None and not place.is_list:
        above = format_html("<li>{}</li>", place.group.label)
        if not any(f'href="{place.way.url}{after}' in content for after in '"?'):
            above += format_html('<li><a href="{}">{}</a></li>', place.way.url, place.way.label)
    if not (steps := mark_safe(above + content.strip())):  # noqa: S308 (both are safe)
        return steps
    return format_html('<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>', gettext("Breadcrumbs"), steps)


@register.simple_tag
def crumb(name: Any, page: str, *args: Any) -> SafeString:
    """A page above this one."""
    return format_html('<li><a href="{}">{}</a></li>', reverse(page, args=args), name)


@register.simple_block_tag
def panel(content: str, title: Any = "", note: Any = "", flush: bool = False) -> SafeString:
    """A titled surface; `flush` for content that brings its own padding (tables, findings)."""
    heading = format_html('<h2>{}</h2><span class="muted small">{}</span>', title, note)
    head = format_html('<div class="panel-head">{}</div>', heading) if title else ""
    body = content if flush else format_html('<div class="panel-body">{}</div>', content)
    return format_html('<section class="panel">{}{}</section>', head, body)


@register.inclusion_tag("partials/meter.html")
def meter(done: int, total: int, label: Any = "", tone: str = "info") -> dict[str, Any]:
    """How much of a whole is done, drawn and in numbers; a whole of nothing is drawn empty."""
    width = _share(done, total)
    return {"done": done, "total": total, "label": label, "tone": _tone(tone), "width": width}


@register.inclusion_tag("partials/bars.html")
def bars(rows: Iterable[Row], caption: Any = "", places: int = 0, unit: Any = "", tone: str = "info") -> dict[str, Any]:
    """Labelled numbers as a table whose middle column is drawn; losses run to the left of zero."""
    listed = [(label, value) for label, value in rows]
    numbers = [Fraction(value) for _label, value in listed if value is not None]
    low, high = min([*numbers, Fraction(0)]), max([*numbers, Fraction(0)])
    span = (high - low) or Fraction(1)
    zero = -low / span
    drawn = [
        {
            "label": label,
            "text": figures.quantity(value, places),
            "x": _per_mille(min(zero, zero + Fraction(value or 0) / span)),
            "width": _per_mille(abs(Fraction(value or 0)) / span),
        }
        for label, value in listed
    ]
    return {
        "rows": drawn,
        "caption": caption,
        "unit": measure(unit),
        "tone": _tone(tone),
        "zero": _per_mille(zero) if low < 0 else None,
    }


@register.simple_tag
def spark(values: Sequence[figures.Number | None], label: Any) -> SafeString:
    """The course of a few values as a small line; gaps where a value is missing. `label` says it in words."""
    known = [Fraction(value) for value in values if value is not None]
    low, span = (min(known), (max(known) - min(known)) or Fraction(1)) if known else (Fraction(0), Fraction(1))
    step = Fraction(1000, max(len(values) - 1, 1))
    lines: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            lines.append([])
        else:
            lines[-1].append(f"{round(place * step)},{round(180 - (Fraction(value) - low) / span * 160)}")
    drawn = [format_html('<polyline points="{}" />', " ".join(line)) for line in lines if line]
    return format_html(
        '<svg class="spark" viewBox="0 0 1000 200" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        label,
        SafeString("".join(drawn)),
    )


@register.simple_tag
def banded(points: Sequence[Banded], label: Any) -> SafeString:
    """The course of a few values over the band in which others lie; gaps where either is missing. `label` says it in words."""
    known = [Fraction(end) for point in points for end in (*(point.ends or ()), point.own) if end is not None]
    low, span = (min(known), (max(known) - min(known)) or Fraction(1)) if known else (Fraction(0), Fraction(1))
    step = Fraction(1000, max(len(points) - 1, 1))

    def y(value: figures.Number) -> int:
        return round(180 - (Fraction(value) - low) / span * 160)

    shapes: list[SafeString] = []
    for band in _runs([point.ends for point in points]):
        # Half a step to either side: of a single month there is something to be seen, too.
        places = [(max(round((place - Fraction(1, 2)) * step), 0), ends) for place, ends in band]
        places.append((min(round((band[-1][0] + Fraction(1, 2)) * step), 1000), band[-1][1]))
        outline = [f"{x},{y(ends[1])}" for x, ends in places] + [f"{x},{y(ends[0])}" for x, ends in reversed(places)]
        shapes.append(format_html('<polygon points="{}" />', " ".join(outline)))
    own: list[figures.Number | None] = [point.own for point in points]
    courses: list[list[tuple[int, figures.Number]]] = _runs(own)
    for run in courses:
        drawn = [(round(place * step), y(value)) for place, value in run]
        shapes.append(format_html('<polyline points="{}" />', " ".join(f"{x},{at}" for x, at in drawn)))
        shapes += [format_html('<path d="M{},{}h0" />', x, at) for x, at in drawn]
    return format_html(
        '<svg class="spark banded" viewBox="0 0 1000 200" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        label,
        SafeString("".join(shapes)),
    )


def _runs(values: Iterable[T | None]) -> list[list[tuple[int, T]]]:
    """The values with their places, in pieces without a gap."""
    runs: list[list[tuple[int, T]]] = [[]]
    for place, value in enumerate(values):
        if value is not None:
            runs[-1].append((place, value))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


@register.inclusion_tag("partials/share.html")
def share(parts: Iterable[Part], label: Any) -> dict[str, Any]:
    """How a whole is divided, as one bar with a key; `parts` are (label, count, tone)."""
    listed = list(parts)
    total = sum(count for _label, count, _tone_name in listed)
    drawn, begin = [], 0
    for text, count, tone in listed:
        width = _share(count, total)
        drawn.append({"label": text, "count": count, "tone": _tone(tone), "x": begin, "width": width})
        begin += width
    return {"parts": drawn, "label": label, "total": total}


def _share(part: int, whole: int) -> int:
    """`part` of `whole` in thousandths, for drawing; 0 where there is no whole."""
    return _per_mille(Fraction(part, whole)) if whole else 0


def _per_mille(fraction: Fraction | Decimal) -> int:
    return round(fraction * 1000)
