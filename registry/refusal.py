"""What a service raises when it will not do what was asked; the person who asked reads the message."""

from django.utils.functional import Promise


class Refusal(Exception):
    """An act refused for a reason of the domain. Nothing was changed. The message says what is wrong and what to do."""

    def __init__(self, message: "str | Promise") -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
