"""Who signs an official paper, how it writes a day, and on which article it rests."""

import datetime as dt

import pytest
from django.utils import translation

from registry.law import papers
from registry.law.calendar import LatestDay
from registry.models import Authority
from registry.values import figures

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("370000", "山东省生态环境厅", "Ecology and Environment Department of Shandong"),
        ("450000", "广西壮族自治区生态环境厅", "Ecology and Environment Department of Guangxi"),
        ("310000", "上海市生态环境局", "Ecology and Environment Bureau of Shanghai"),
        (
            "660000",
            "新疆生产建设兵团生态环境局",
            "Ecology and Environment Bureau of Xinjiang Production and Construction Corps",
        ),
    ],
)
def test_an_authority_signs_with_its_own_name(code, zh, en):
    authority = Authority.objects.get(code=code)
    with translation.override("zh-hans"):
        assert authority.department == zh
    with translation.override("en"):
        assert authority.department == en


@pytest.mark.parametrize(
    ("language", "day", "latest"),
    [
        ("zh-hans", "2026年12月31日", "最迟2027年1月8日（2027年节假日安排尚未公布）"),
        ("en", "31 December 2026", "8 January 2027 at the latest (the holidays of 2027 have not been announced yet)"),
    ],
)
def test_a_paper_writes_its_days_in_full(language, day, latest):
    with translation.override(language):
        assert figures.day_in_full(dt.date(2026, 12, 31)) == day
        assert figures.day_in_full(dt.datetime(2026, 12, 30, 16, 0, tzinfo=dt.UTC)) == day
        assert figures.day_in_full(LatestDay(2027, 1, 8)) == latest
        assert figures.day_in_full(None) == figures.DASH


@pytest.mark.parametrize("paper", [papers.ALLOCATION, papers.SURRENDER, papers.VERIFICATION])
def test_a_paper_rests_on_an_article_of_the_regulations(paper):
    basis = papers.basis(paper, dt.date(2026, 9, 1))
    assert basis.cite_zh.startswith("《碳排放权交易管理暂行条例》第")
    assert f"Article {basis.value} of" in basis.cite
