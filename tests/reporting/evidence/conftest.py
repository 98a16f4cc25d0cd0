"""What the tests of supporting files begin in: a month that was read, and is not submitted."""

import pytest

from reporting.models import Package, Submission
from tests import worlds
from tests.reporting import story


@pytest.fixture
@worlds.world
def submission(unit, process, clerk) -> Submission:
    return story.read(unit, "2025-07", clerk)


@pytest.fixture
def package(submission) -> Package:
    return submission.package
