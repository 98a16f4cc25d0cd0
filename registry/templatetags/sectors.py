"""The sectors, as a line of text names them."""

from django import template

from registry.values.bilingual import listed
from registry.values.sectors import with_quota

register = template.Library()


@register.simple_tag
def quota_sectors() -> str:
    """Those that get quota."""
    return listed(str(sector.label).lower() for sector in with_quota())
