"""The journal's and the jobs' codes as people say them."""

from django import template

from registry import labels

register = template.Library()
register.filter("act", labels.act)
register.filter("thing", labels.thing)
register.filter("job_name", labels.job)
register.filter("stage_name", labels.stage)
