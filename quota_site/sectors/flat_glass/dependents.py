"""Nothing in the table of a melting line follows from anything but its parts: raw materials aren't among the data verified."""

from reporting.verification.sector import Rule

RULES: tuple[Rule, ...] = ()
