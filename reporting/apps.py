from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = _("Reporting")

    def ready(self) -> None:
        """Register the jobs' handlers, and name what the journal says."""
        from registry.acts import name
        from reporting import acts, intake, watch  # noqa: F401

        name(acts.ACTS, acts.THINGS, acts.JOBS)
