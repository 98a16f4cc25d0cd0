"""The parts of pages: what they say, and that nothing they are given gets out unescaped."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from registry.templatetags.components import banded, bars, deadline_tone, share, spark

TODAY = dt.date(2026, 3, 20)


def render(source, **context):
    return Template("{% load components %}" + source).render(Context({"today": TODAY, **context}))


def test_a_badge_escapes_its_text():
    assert render("{% badge text 'ok' %}", text="<b>") == '<span class="mark tone-ok">&lt;b&gt;</span>'


def test_an_unknown_tone_is_a_mistake():
    with pytest.raises(ValueError, match="unknown tone"):
        render("{% badge 'x' 'green' %}")


@pytest.mark.parametrize(("left", "tone"), [(-1, "danger"), (0, "warn"), (10, "warn"), (11, "neutral")])
def test_deadline_tones(left, tone):
    assert deadline_tone(left) == tone


@pytest.mark.parametrize(
    ("context", "tone"),
    [
        ({}, "warn"),  # 20 March to 26 March: 6 days
        ({"as_of": dt.date(2026, 1, 1)}, "neutral"),
        ({"as_of": dt.date(2026, 4, 1)}, "danger"),
    ],
)
def test_a_deadline_counts_from_the_day_the_page_shows(context, tone):
    assert f"tone-{tone}" in render("{% deadline due %}", due=dt.date(2026, 3, 26), **context)


def test_a_deadline_instant_is_the_last_day_in_shanghai():
    # 15:59:59 UTC is 23:59:59 in Shanghai, still the 26th.
    assert "2026-03-26" in render("{% deadline due %}", due=dt.datetime(2026, 3, 26, 15, 59, 59, tzinfo=dt.UTC))


def test_a_settled_deadline_counts_no_more():
    assert render("{% deadline due settled=True %}", due=TODAY).endswith(">2026-03-20</time>")


def test_no_deadline_is_a_dash():
    assert render("{% deadline due %}", due=None) == "—"


def test_bars_measure_from_zero():
    drawn = bars([("gain", Decimal("0.03")), ("loss", Decimal("-0.01")), ("none", None)], places=2)
    # The span is 0.04: zero stands at 250 of 1000, the gain takes 750 to its right, the loss 250 to its left.
    assert [(row["x"], row["width"], row["text"]) for row in drawn["rows"]] == [
        (250, 750, "0.03"),
        (0, 250, "−0.01"),
        (250, 0, "—"),
    ]
    assert drawn["zero"] == 250


def test_bars_of_nothing():
    assert bars([])["rows"] == []
    assert bars([("a", 0)])["rows"][0]["width"] == 0


def test_a_share_fills_the_bar():
    parts = share([("a", 1, "ok"), ("b", 3, "danger")], "x")["parts"]
    assert [(part["x"], part["width"]) for part in parts] == [(0, 250), (250, 750)]
    assert share([], "x")["total"] == 0


def test_a_missing_value_breaks_the_line():
    assert spark([1, 2, None, 3, 4], "x").count("<polyline") == 2
    assert "<polyline" not in spark([], "x")


def test_blocks_keep_their_content_and_escape_their_title():
    html = render("{% callout 'warn' title %}<i>{{ text }}</i>{% endcallout %}", title="<", text="&")
    assert html == '<div class="callout tone-warn"><p class="callout-title">&lt;</p><i>&amp;</i></div>'


def job(**changes):
    known = {"pk": 7, "state": "running", "is_over": False, "get_state_display": "running"}
    return SimpleNamespace(**(known | {"done_items": 1, "total_items": 4, "error": ""} | changes))


JOB = "{% include 'partials/job.html' with url='/jobs/7/' title='reading' %}"


def test_a_job_is_polled_until_it_is_over():
    request = RequestFactory().get("/")
    running = render(JOB, job=job(), request=request)
    assert 'hx-get="/jobs/7/"' in running
    assert 'width="250"' in running  # 1 of 4
    over = render(JOB, job=job(state="failed", is_over=True, error="<broken>"), request=request)
    assert "hx-get" not in over
    assert "&lt;broken&gt;" in over


@dataclass
class Beside:
    own: Decimal | None = None
    ends: tuple[Decimal, Decimal] | None = None


def test_a_banded_course_is_drawn_in_one_measure():
    points = [Beside(Decimal(2), (Decimal(1), Decimal(3))), Beside(Decimal(3), (Decimal(2), Decimal(4)))]
    drawn = banded(points, "x")
    # values 1 to 4 over 160 from 180 up: 1 at 180, 2 at 127, 3 at 73, 4 at 20; the band begins and ends at the edges
    assert '<polyline points="0,127 1000,73" />' in drawn
    assert '<polygon points="0,73 500,20 1000,20 1000,127 500,127 0,180" />' in drawn


def test_a_banded_course_has_gaps():
    one = Beside(Decimal(2), (Decimal(1), Decimal(3)))
    drawn = banded([one, Beside(), one], "a<b")
    assert (drawn.count("<polyline"), drawn.count("<polygon"), drawn.count("<path")) == (2, 2, 2)
    assert 'aria-label="a&lt;b"' in drawn


@pytest.mark.parametrize("points", [[], [Beside()]])
def test_a_course_of_nothing_is_empty(points):
    drawn = banded(points, "x")
    assert "<polyline" not in drawn
    assert "<polygon" not in drawn
