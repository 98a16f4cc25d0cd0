from django.apps import AppConfig


class QuotaSiteConfig(AppConfig):
    name = "quota_site"

    def ready(self) -> None:
        """Register what is checked before a command runs."""
        from quota_site import checks  # noqa: F401
