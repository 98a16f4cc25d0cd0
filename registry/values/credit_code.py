"""The unified social credit code 统一社会信用代码 (GB 32100-2015): 17 characters and a check character."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# GB 32100-2015, table 2: digits and capitals without I, O, S, V, Z.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_MODULUS = len(ALPHABET)
_WEIGHTS = tuple(pow(3, position, _MODULUS) for position in range(LENGTH - 1))


def check_character(first_17: str) -> str:
    """The 18th character for the first 17 (GB 32100-2015, annex A); raises ValueError on a foreign character."""
    total = sum(weight * ALPHABET.index(character) for weight, character in zip(_WEIGHTS, first_17, strict=True))
    return ALPHABET[-total % _MODULUS]


def validate_credit_code(code: str) -> None:
    """Raise ValidationError, saying what is wrong, unless `code` is a well-formed credit code."""
    if len(code) != LENGTH:
        raise ValidationError(_("A credit code has 18 characters; this has %(count)d."), "length", {"count": len(code)})
    if foreign := sorted(set(code) - set(ALPHABET)):
        raise ValidationError(
            _("A credit code can't contain %(characters)s."), "alphabet", {"characters": " ".join(foreign)}
        )
    if code[-1] != (expected := check_character(code[:-1])):
        raise ValidationError(
            _("The check character of %(code)s should be %(expected)s: a character is mistyped."),
            "check",
            {"code": code, "expected": expected},
        )
