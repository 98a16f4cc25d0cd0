"""What pages print can be typed back."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError

from registry.parameters.values import read
from registry.values import figures, printed


@pytest.mark.parametrize(
    "value", [Decimal("7179688.73"), 7_179_000, Decimal("0.5"), 12, Decimal("-1234.5"), 1_000_000_000]
)
def test_a_figure_is_read_back_as_it_is_printed(value):
    text = figures.quantity(value)
    assert Decimal(printed.plain(text)) == value
    assert printed.DecimalField().clean(text) == value
    assert printed.IntegerField().clean(figures.tonnes(7_179_000)) == 7_179_000
    assert read(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.5%", "0.5"), ("0，5", "0.5"), ("０．５％", "0.5"), ("0,5 %", "0.5"), ("2", "2"), ("约0.5", "约0.5")],
)
def test_a_percentage_with_its_sign_or_a_decimal_comma(text, value):
    assert printed.percentage(text) == value


@pytest.mark.parametrize("text", ["1,00", "12,34,567", "1e3x", "七", "1,2345"])
def test_what_is_no_number_stays_one_that_is_refused(text):
    with pytest.raises(ValidationError):
        printed.DecimalField().clean(text)


def test_every_numeric_field_of_every_form_is_such_a_field():
    def below(cls):
        for sub in cls.__subclasses__():
            yield sub
            yield from below(sub)

    ours = [
        cls for cls in below(forms.BaseForm) if cls.__module__.split(".")[0] in ("registry", "reporting", "allocation")
    ]
    plain = [
        f"{cls.__name__}.{name}"
        for cls in ours
        for name, field in getattr(cls, "base_fields", {}).items()
        if isinstance(field, forms.IntegerField) and not isinstance(field, printed.IntegerField | printed.DecimalField)
    ]
    assert len(ours) > 20
    assert plain == []
