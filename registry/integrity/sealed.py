"""What of the registry is bound to the journal (registry.journal.seals)."""

from registry.journal import seals
from registry.journal.seals import Bound, Part

DIRECTORY = ("unit", "year", "sector")
MANDATE = ("unit", "holder_unit", "may_submit", "since", "until", "offered_by", "offered_at")
# What follows a name, which is bound itself, and came later than the first rows.
SPELLED = ("pinyin", "initials")
SEAT = ("username", "role", "unit", "authority", "body")

BOUND = (
    Bound(
        "registry.unit",
        fixed=("credit_code",),
        but=SPELLED,
        parts=(
            Part("registry.line", "unit", moves=True),
            Part("registry.sectormembership", "unit", moves=True),
        ),
    ),
    Bound("registry.verifierbody", fixed=("code",)),
    # The seat, and whether it is still held. A password is whoever has it, and is changed without a second person.
    Bound(
        "registry.person",
        fixed=SEAT,
        but=(
            "password",
            "last_login",
            "email",
            "phone",
            "wants_mail",
            "mail_language",
            *SPELLED,
        ),
    ),
    Bound("registry.directoryentry", fixed=DIRECTORY),
    Bound("registry.filingmandate", fixed=MANDATE),
    Bound("registry.apitoken", parts=(Part("registry.apitokenrevocation", "token", moves=True),)),
    Bound(
        "registry.parameterchange",
        parts=(
            Part("registry.parameterdecision", "change", moves=True),
            Part("registry.parameterwithdrawal", "change", moves=True),
        ),
    ),
    Bound(
        "registry.workingyear",
        parts=(
            Part("registry.workingyeardecision", "entry", moves=True),
            Part("registry.workingyearwithdrawal", "entry", moves=True),
        ),
    ),
)
ELSEWHERE = {
    "registry.journalentry": "the chain itself",
    "registry.formerpassword": "nothing rests on it: it only keeps a password from being chosen again",
}


def name() -> None:
    """Say so; asked for when the app is ready."""
    seals.bind(*BOUND)
    seals.elsewhere(ELSEWHERE)
