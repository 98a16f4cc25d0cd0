"""What a service raises when it will not do what was asked; the person who asked reads the message."""

from django.utils.functional import Promise


class Refusal(Exception):
    """An act refused for a reason of the domain. Nothing was changed. The message says what is wrong and what to do; `field` what of
    the given it is about, where that is one thing: a form tells it there (registry.web.acting.beside)."""

    def __init__(self, message: "str | Promise", *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)
