import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from registry.values.credit_code import ALPHABET, LENGTH, check_character, validate_credit_code

BODY = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)


def test_the_check_character_by_hand():
    # 17 characters "9" "1" then zeros: weights 3^0 = 1 and 3^1 = 3, so the sum is 9·1 + 1·3 = 12 and the check value 31 − 12 = 19,
    # which is "K" in the alphabet (0–9 are 0–9, A = 10 … H = 17, J = 18, K = 19: there is no I).
    assert check_character("91" + "0" * 15) == "K"


def test_a_sum_that_is_a_multiple_of_31_checks_as_zero():
    assert check_character("0" * 17) == "0"


@given(BODY)
def test_a_code_with_its_own_check_character_is_valid(body):
    validate_credit_code(body + check_character(body))


@given(BODY)
def test_another_implementation_comes_to_the_same_check_character(body):
    assert check_character(body) == uscc.calc_check_digit(body)


@given(BODY, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_always_found(body, place, other):
    code = body + check_character(body)
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        with pytest.raises(ValidationError) as caught:
            validate_credit_code(wrong)
        assert caught.value.code == "check"


@pytest.mark.parametrize(
    ("code", "reason"),
    [("", "length"), ("91" + "0" * 15, "length"), ("I" + "0" * 17, "alphabet"), ("９" + "0" * 17, "alphabet")],
)
def test_what_is_wrong_is_said(code, reason):
    with pytest.raises(ValidationError) as caught:
        validate_credit_code(code)
    assert caught.value.code == reason
