"""The API as a page: all that its OpenAPI document says, in either language, for whoever has no account yet."""

import html
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from reporting.web.api import api
from reporting.web.api.words import ERRORS, FIELDS, SENTENCES


def document() -> dict[str, Any]:
    return api.get_openapi_schema(path_prefix="/api/v1/")


def plain(text: str) -> str:
    return " ".join(text.split())


def test_every_sentence_and_parameter_of_the_document_has_its_words():
    operations = [said for methods in document()["paths"].values() for said in methods.values()]
    texts = {plain(said[key]) for said in operations for key in ("summary", "description") if said.get(key)}
    shapes = document()["components"]["schemas"].values()
    texts |= {plain(shape["description"]) for shape in shapes if "properties" in shape and shape.get("description")}
    assert texts == set(SENTENCES)
    assert {each["name"] for said in operations for each in said.get("parameters", [])} == set(FIELDS)
    refusals = {str(status) for said in operations for status in said["responses"] if int(status) >= 400}
    assert refusals <= {status for status, _code, _when in ERRORS}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_shows_every_endpoint_with_an_example(language):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    shown = client.get(reverse("api_docs"))
    assert shown.status_code == 200
    text = html.unescape(shown.text)
    for path, methods in document()["paths"].items():
        assert path in text
        assert all(method.upper() in text for method in methods)
    assert text.count("curl -H") == sum(len(methods) for methods in document()["paths"].values())
    assert ("接口" in text) is (language == "zh-hans")
    assert all(sentence not in text for sentence in SENTENCES) is (language == "zh-hans")
