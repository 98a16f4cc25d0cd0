"""The OpenAPI document and docs/api.md say what the live routes do."""

import re
from pathlib import Path

import pytest
from django.urls import resolve

from reporting.evidence import KINDS
from reporting.web.api import api

pytestmark = pytest.mark.pages

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """(method, path) of every curl call on the page."""
    calls = [call for block in BLOCKS for call in block.replace("\\\n", " ").splitlines() if call.startswith("curl")]
    method = [re.search(r"-X (\w+)", call) for call in calls]
    paths = [re.search(r'"\$HOST(/[^"?]*)', call)[1] for call in calls]
    return [(found[1] if found else "GET", path) for found, path in zip(method, paths, strict=True)]


@pytest.fixture
def document(client, db) -> dict:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    return response.json()


def test_the_examples_are_there():
    assert len(examples()) == 7


@pytest.mark.parametrize(("method", "path"), examples())
def test_every_example_is_in_the_document_and_leads_somewhere(document, method, path):
    patterns = {re.sub(r"\{\w+\}", "[^/]+", template): operations for template, operations in document["paths"].items()}
    described = [operations for pattern, operations in patterns.items() if re.fullmatch(pattern, path)]
    assert len(described) == 1
    assert method.lower() in described[0]
    assert "rest" not in resolve(path).kwargs


def test_every_operation_of_the_document_has_an_example(document):
    described = {(method.upper(), path) for path, operations in document["paths"].items() for method in operations}
    shown = {
        (method, template)
        for method, path in examples()
        for template in document["paths"]
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    }
    assert shown == described


def test_every_error_of_the_document_is_on_the_page(document):
    statuses = {
        status
        for operations in document["paths"].values()
        for operation in operations.values()
        for status in operation["responses"]
    }
    listed = set(re.findall(r"^\| (4\d\d) \|", PAGE, re.MULTILINE))
    assert {status for status in statuses if status >= "400"} <= listed


def test_the_workbooks_body_is_described(document):
    operation = document["paths"]["/api/v1/packages/{sector}/{period}/workbook"]["post"]
    assert list(operation["requestBody"]["content"]) == [
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ]
    assert set(operation["responses"]) == {"200", "202", "401", "403", "404", "409", "413", "415", "422", "429"}


def test_supporting_files_are_described(document):
    operations = document["paths"]["/api/v1/packages/{sector}/{period}/evidence"]
    assert list(operations["post"]["requestBody"]["content"]) == [kind.media_type for kind in KINDS]
    assert set(operations["post"]["responses"]) == {
        "200",
        "201",
        "401",
        "403",
        "404",
        "409",
        "413",
        "415",
        "422",
        "429",
    }
    given = {parameter["name"]: parameter["schema"] for parameter in operations["post"]["parameters"]}
    assert given["covers"]["type"] == "array"
    assert given["reason"]["maxLength"] == 2000
    row = document["components"]["schemas"]["RequirementOut"]["properties"]
    assert {"code", "name", "needed", "present", "files"} < set(row)
    withdrawal = document["paths"]["/api/v1/packages/{sector}/{period}/evidence/{id}"]["delete"]
    assert set(withdrawal["responses"]) == {"204", "401", "403", "404", "409", "422", "429"}


def test_every_operation_wants_a_token(document):
    assert document["components"]["securitySchemes"] == {"BearerToken": {"type": "http", "scheme": "bearer"}}
    assert all(
        operation["security"] == [{"BearerToken": []}]
        for operations in document["paths"].values()
        for operation in operations.values()
    )
    assert api.docs_url is None
