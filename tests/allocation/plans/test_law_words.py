"""What the plans say in words of their own is said in the page's language, too."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from allocation.plans import all_plans
from allocation.templatetags.allocation_law import WORDS, law_value
from registry.values.measures import MEASURES, measure

SIGNS = {""}


def texts() -> Iterator[str]:
    for plan in all_plans():
        yield plan.version
        if any(sign.isascii() and sign.isalpha() for sign in plan.document):
            yield plan.document
        for parameter in plan.parameters.values():
            for dated in parameter.values:
                values = dated.value if isinstance(dated.value, tuple) else (dated.value,)
                yield from (value for value in values if isinstance(value, str))


def test_every_text_of_a_plan_has_words():
    assert sorted(set(texts()) - set(WORDS)) == []


def test_every_unit_of_measure_of_a_plan_has_words():
    units = {parameter.unit for plan in all_plans() for parameter in plan.parameters.values()}
    assert sorted(units - set(MEASURES) - SIGNS) == []


@pytest.mark.parametrize(
    ("language", "value", "unit", "several"),
    [
        ("en", "rounded down", "working days", "judicial freeze, clear risk of non-compliance"),
        ("zh-hans", "向下取整", "个工作日", "司法冻结、存在明显履约风险"),
    ],
)
def test_words_in_both_languages(language, value, unit, several):
    with override(language):
        assert law_value("floor") == value
        assert measure("working days") == unit
        assert law_value(("judicial_freeze", "clear_risk")) == several
