"""Canonical JSON: what is refused, and that writing it by parts gives the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.values.canonical import Shared, canonical, spliced

CONTENT = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.just("\0")
    | st.lists(st.text(max_size=3), max_size=2)
)
NAMES = st.sampled_from(["awards", "explanation", "parameters", "steps", "year", "a", "z"])


@pytest.mark.parametrize(
    "content", [1.5, [1.5], {"a": 1.0}, {"a": [{"b": (1, 2.0)}]}, float("nan"), {1: "a"}, {"a": {None: 1}}]
)
def test_floats_and_keys_that_are_no_text_are_refused_wherever_they_are(content):
    with pytest.raises(TypeError):
        canonical(content)


def test_it_is_sorted_and_plain():
    assert canonical({"b": [1, True, None], "a": "吨"}) == '{"a":"吨","b":[1,true,null]}'


@given(st.dictionaries(NAMES, CONTENT), st.sets(NAMES))
def test_spliced_is_the_canonical_text_whichever_fields_were_written_before(content, before):
    assert spliced(content, {name: canonical(content[name]) for name in content if name in before}) == canonical(
        content
    )


def test_a_shared_part_is_written_once_and_an_equal_one_again():
    shared, part = Shared(), ["x"]
    first = shared.canonical(part)
    part.append("y")  # nobody may; it shows that the text is kept
    assert (first, shared.canonical(part), shared.canonical(["x", "y"])) == ('["x"]', '["x"]', '["x","y"]')
