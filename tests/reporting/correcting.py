"""What the tests of the correction page share: its cells' names, and a browser that has no script."""

import json

import pytest
from django.urls import reverse

from registry.permissions.roles import Role
from reporting.content import Content
from reporting.models import Submission
from tests.reporting import story

ANODE = "L1/electrolysis/1/anode:value"
METAL = "L1/electrolysis/1/amount:value"
BOUGHT = "fuel.anode/1/purchased:value"
USED = "fuel.anode/1/consumed:value"


@pytest.fixture
def version(unit, process, clerk):
    return story.read(unit, "2025-07", clerk)


@pytest.fixture
def package(version):
    return version.package


@pytest.fixture
def colleague(make_person, unit):
    return make_person(Role.UNIT_CLERK, "甲企业第二经办人", username="colleague", unit=unit)


def address(package, act: str = "correct") -> str:
    return reverse(f"reporting:package_{act}", args=[package.pk])


def sent(browser, package, version, revision=0, **cells):
    """The form as a browser without a script sends it: every field that the page shows, with `cells` typed into it."""
    return browser.post(address(package), fields(browser, package, version, revision) | cells)


def fields(browser, package, version, revision: int = 0) -> dict[str, str]:
    page = browser.get(address(package)).context
    shown = {
        cell.name: cell.text
        for sheet in page["sheets"]
        for block in sheet.blocks
        for row in block.rows
        for cell in row.cells.values()
    }
    shown |= {
        field.name: field.text for sheet in page["registers"] for record in sheet.records for field in record.fields
    }
    return {"base": "" if version is None else version.pk, "revision": revision, **shown}


def kept(browser, package, version, cells: dict[str, str | None], revision: int = 0):
    body = json.dumps({"base": "" if version is None else version.pk, "revision": revision, "cells": cells})
    return browser.post(address(package, "correct_keep"), body, content_type="application/json")


def content(submission: Submission) -> Content:
    return Content.from_json(submission.stored_content())


def shown_cell(response, name: str):
    for sheet in response.context["sheets"]:
        for block in sheet.blocks:
            for row in block.rows:
                for cell in row.cells.values():
                    if cell.name == name:
                        return cell
    for sheet in response.context["registers"]:
        for record in sheet.records:
            for field in record.fields:
                if field.name == name:
                    return field
    raise AssertionError(f"no {name} on the page")
