"""The ten seats a person can have, and how far each reaches."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    UNIT_CLERK = "unit_clerk", _("Enterprise clerk")
    UNIT_APPROVER = "unit_approver", _("Enterprise approver")
    VERIFIER = "verifier", _("Verifier")
    PROVINCIAL_OFFICER = "provincial_officer", _("Provincial officer")
    PROVINCIAL_APPROVER = "provincial_approver", _("Provincial approver")
    REGISTRAR_OPERATOR = "registrar_operator", _("Registrar operator")
    REGISTRAR_APPROVER = "registrar_approver", _("Registrar approver")
    MINISTRY_ANALYST = "ministry_analyst", _("Ministry analyst")
    MINISTRY_APPROVER = "ministry_approver", _("Ministry approver")
    AUDITOR = "auditor", _("Auditor")


UNIT_ROLES = (Role.UNIT_CLERK, Role.UNIT_APPROVER)
PROVINCIAL_ROLES = (Role.PROVINCIAL_OFFICER, Role.PROVINCIAL_APPROVER)
REGISTRAR_ROLES = (Role.REGISTRAR_OPERATOR, Role.REGISTRAR_APPROVER)
MINISTRY_ROLES = (Role.MINISTRY_ANALYST, Role.MINISTRY_APPROVER)
NATIONAL_ROLES = (*REGISTRAR_ROLES, *MINISTRY_ROLES, Role.AUDITOR)
