"""Values of editable parameters as text, as people type and the database keeps them, and whether they are plausible at all.

A number is written "1.2", a band "0.70..1.05".
"""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from registry.law import Parameter, Scalar
from registry.values.printed import plain

__all__ = ["Value", "as_text", "is_band", "is_editable", "parse", "read"]

BETWEEN = ".."
MOST_DIGITS = 15

Value = Scalar | tuple[Scalar, ...]
Numbers = Decimal | tuple[Decimal, ...]


def is_editable(parameter: Parameter) -> bool:
    """Whether its file leaves the parameter to the ministry."""
    return parameter.extra.get("editable") is True


def is_band(parameter: Parameter) -> bool:
    """Whether its values have two ends."""
    return isinstance(parameter.values[-1].value, tuple)


def as_text(value: Value) -> str:
    """The one way in which a value is written."""
    ends = value if isinstance(value, tuple) else (value,)
    return BETWEEN.join(f"{end:f}" if isinstance(end, Decimal) else str(end) for end in ends)


def read(text: str) -> Numbers:
    """The value written as `text`, whatever it is for; raises ValueError, with a message for the person, where it is no number."""
    ends = tuple(_number(end) for end in text.split(BETWEEN))
    return ends[0] if len(ends) == 1 else ends


def parse(parameter: Parameter, text: str) -> Numbers:
    """The value written as `text`; raises ValueError, with a message for the person, for one the parameter can't have."""
    value = read(text.replace("%", "").replace("％", "") if parameter.unit in ("%", "percent") else text)
    ends = value if isinstance(value, tuple) else (value,)
    if len(ends) != (2 if is_band(parameter) else 1):
        raise ValueError(_("A band has a lower and an upper end; any other threshold is one number."))
    least, most = (Decimal(str(parameter.extra[limit])) for limit in ("least", "most"))
    for end in ends:
        if not least <= end <= most:
            raise ValueError(
                _("%(value)s is implausible here: it must lie between %(least)s and %(most)s.")
                % {"value": f"{end:f}", "least": f"{least:f}", "most": f"{most:f}"}
            )
        if parameter.extra.get("whole") and end != end.to_integral_value():
            raise ValueError(_("%(value)s is not a whole number.") % {"value": f"{end:f}"})
    if len(ends) == 2 and ends[0] >= ends[1]:
        raise ValueError(_("The lower end must be below the upper end."))
    return value


def _number(text: str) -> Decimal:
    try:
        number = Decimal(plain(text))
    except InvalidOperation as error:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text.strip()[:40]}) from error
    if not number.is_finite() or len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text.strip()[:40]})
    return number
