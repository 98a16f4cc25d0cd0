"""The sectors of the market and what each calls the thing that quota is computed for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sector(models.TextChoices):
    STEEL = "steel", _("Steel")
    CEMENT = "cement", _("Cement")
    ALUMINIUM = "aluminium", _("Aluminium smelting")


LINE_NOUN = {
    Sector.STEEL: _("steel works"),
    Sector.CEMENT: _("clinker line"),
    Sector.ALUMINIUM: _("electrolysis process"),
}
