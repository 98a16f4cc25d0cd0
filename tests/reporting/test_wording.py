"""Stored codes and names in the reader's own language."""

import pytest
from django.utils.translation import override

from reporting import wording

STORED = "CETS—AG—03.01—V01—2024 工序层级排放量 process balance"


@pytest.mark.parametrize(
    ("language", "article", "source"),
    [
        ("zh-hans", "CETS—AG—03.01—V01—2024 工序层级排放量", "炼铁工序，输入：焦炭"),
        ("en", "CETS—AG—03.01—V01—2024 process balance", "Ironmaking, in: coke"),
    ],
)
def test_terms_speak_the_language_of_the_page(language, article, source):
    with override(language):
        assert wording.article("steel", "2025-07", STORED) == article
        assert wording.source_name("steel", "2025-07", "ironmaking.in.coke") == source


@pytest.mark.parametrize(("period", "stored"), [("2025-07", "of another guideline"), ("2019-01", STORED)])
def test_what_is_not_known_is_shown_as_it_is_stored(period, stored):
    assert wording.article("steel", period, stored) == stored
