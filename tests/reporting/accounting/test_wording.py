"""Stored codes and names in the reader's own language."""

import pytest
from django.utils.translation import override

from reporting.labels import terms_in_words

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
        assert terms_in_words.article("steel", "2025-07", STORED) == article
        assert terms_in_words.source_name("steel", "2025-07", "ironmaking.in.coke") == source


@pytest.mark.parametrize(("period", "stored"), [("2025-07", "of another guideline"), ("2019-01", STORED)])
def test_what_is_not_known_is_shown_as_it_is_stored(period, stored):
    assert terms_in_words.article("steel", period, stored) == stored


def test_a_penalty_stands_in_the_formula_with_its_days():
    inputs = {"FC": "40000.00", "p": "0.5% × 12/31", "NCV": "25.024", "CC": "0.02749"}
    shown = terms_in_words.in_place("FC × (1 + p) × NCV × CC × 44/12", inputs)
    assert shown == "40000.00 × (1 + 0.5% × 12/31) × 25.024 × 0.02749 × 44/12"
