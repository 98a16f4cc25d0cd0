"""What may be found in the registers of tests and meters."""

from django.utils.translation import gettext_lazy as _

from reporting.findings.catalogue.kinds import errors
from reporting.findings.catalogue.reading import FORM

RECORDS = errors(
    FORM,
    [
        (
            "record.unattributed",
            _("Values are given, but this column is empty: %(what)s"),
            _("Complete it, or clear the row."),
        ),
        (
            "answer.unknown",
            _("“%(found)s” is neither yes nor no."),
            _("Choose from the list: yes or no."),
        ),
    ],
)
