"""The journal's and the jobs' codes as people say them."""

from django import template

from registry import acts

register = template.Library()
register.filter("act", acts.act)
register.filter("thing", acts.thing)
register.filter("job_name", acts.job)
register.filter("stage_name", acts.stage)
