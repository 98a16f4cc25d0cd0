"""Names of data in templates."""

from django import template

from registry.templatetags.law import threshold
from reporting import guidelines
from reporting.findings import in_one
from reporting.models import Package
from reporting.models.desk import DatumPlace
from reporting.models.submissions import UsedThreshold
from reporting.workbook import names

register = template.Library()
register.filter("in_one", in_one)


@register.filter
def threshold_used(used: UsedThreshold) -> str:
    """The value that a version was checked with, in its unit of measure."""
    return threshold(used.value, guidelines.thresholds()[used.parameter])


@register.simple_tag
def place_name(package: Package, place: DatumPlace) -> str:
    """What a datum, or a whole row, is called."""
    key = (place.table, place.line, place.process, place.item, place.part)
    row = names.row_name(package.sector, package.period, key)
    return f"{row}: {names.datum_name(package.sector, package.period, key, place.name)}" if place.name else row
