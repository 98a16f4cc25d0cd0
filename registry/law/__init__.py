"""Law as dated data, and the days of the law. Every number of the rules stands in a TOML file beside its source and is
asked for by day (`dated`); working days, terms and deadlines as instants of Shanghai follow from it (`calendar`);
one place says what time it is (`clock`), one on which article a paper rests (`papers`), and one what a unit
declares (`declaration`). Plain Python.
"""

from registry.law.dated import CONFIDENCES, DatedValue, Law, LawError, NotInForceError, Parameter, Scalar, load, read

__all__ = [
    "CONFIDENCES",
    "DatedValue",
    "Law",
    "LawError",
    "NotInForceError",
    "Parameter",
    "Scalar",
    "load",
    "read",
]
