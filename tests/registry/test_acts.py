"""Every code that the journal and the jobs can hold has a name for people."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.utils.translation import override

from allocation.models import Objection, SurrenderRequest
from registry.jobs.acts import _handlers
from registry.labels import journal as acts
from reporting.models import PackageEvent, VerificationEvent

ROOT = Path(__file__).resolve().parents[2]
RECORDED = re.compile(r'journal\.record(?:_each)?\(\s*"([a-z_.]+)"(?: if \w+ else "([a-z_.]+)")?')
# The services that put the code together from what was decided.
PUT_TOGETHER = (
    [f"package.{kind}" for kind in PackageEvent.Kind.values]
    + [f"verification.{kind}" for kind in VerificationEvent.Kind.values]
    + ["differentiation.withdrawn", "differentiation.lift_withdrawn"]
    + [f"{about}.{said}" for about in ("parameter", "working_year") for said in ("approved", "refused")]
    + [f"objection.{outcome}" for outcome in Objection.Outcome.values]
    + [f"surrender.{state}" for state in (SurrenderRequest.State.REFUSED, SurrenderRequest.State.WITHDRAWN)]
)


def recorded() -> set[str]:
    sources = (
        path.read_text()
        for app in ("registry", "reporting", "allocation", "quota_site")
        for path in (ROOT / app).rglob("*.py")
    )
    return {code for source in sources for found in RECORDED.findall(source) for code in found if code}


def test_every_act_has_a_name():
    codes = recorded() | set(PUT_TOGETHER)
    assert len(codes) > 30
    assert [code for code in sorted(codes) if acts.act(code) == code] == []


def test_every_name_is_of_an_act_that_is_recorded():
    assert sorted({code for code, _name in acts.acts()} - recorded() - set(PUT_TOGETHER)) == []


@pytest.mark.parametrize("kind", [kind for kind in _handlers if kind.split(".")[0] in ("reporting", "allocation")])
def test_every_job_has_a_name(kind):
    assert acts.job(kind) != kind


def test_things_are_models():
    assert [label for label in acts._THINGS if not apps.get_model(label)] == []


def test_names_are_said_in_the_language_of_the_page():
    with override("zh-hans"):
        assert acts.act("package.submitted") == "存证：已提交"
        assert acts.thing("reporting.package") == "存证"
    assert acts.act("from.elsewhere") == "from.elsewhere"
