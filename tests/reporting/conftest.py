"""What reporting's tests share: the cast's unit with one electrolysis process, listed for 2025. Its story is in story.py."""

import pytest

from registry.models import Line
from reporting.models import AnnualReport
from tests.reporting import story


@pytest.fixture
def process(unit, make_line) -> Line:
    return story.electrolysis(unit, make_line)


@pytest.fixture
def report(unit, process, clerk, unit_approver, officer) -> AnnualReport:
    """The unit's filed annual report of 2025."""
    return story.filed(unit, clerk, unit_approver, officer)
