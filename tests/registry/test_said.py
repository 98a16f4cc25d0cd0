"""What is written down in one language is read in the other."""

import pytest
from django.utils.translation import override

from registry.labels import kept_sentences
from registry.labels.kept_sentences import gettext as _
from registry.values.sectors import Sector


def test_it_is_the_sentence_of_the_moment():
    with override("en"):
        assert _("The job failed.") == "The job failed."
    with override("zh-hans"):
        assert _("The job failed.") != "The job failed."


@pytest.mark.parametrize("written", ["zh-hans", "en"])
def test_it_is_read_in_the_readers_language(written):
    with override(written):
        place = {"period": "2025-07", "sector": Sector.STEEL}
        text = kept_sentences.kept(
            _("This file was already used for %(period)s (%(sector)s): choose the right workbook.") % place
        )
    with override("en"):
        assert kept_sentences.read(text).startswith("This file was already used for 2025-07 (Steel)")
    with override("zh-hans"):
        assert "2025-07" in kept_sentences.read(text)
        assert "钢铁" in kept_sentences.read(text)


def test_sentences_stand_within_sentences_and_other_texts_stay_as_they_are():
    with override("zh-hans"):
        text = kept_sentences.kept(
            _("%(period)s is too far ahead: files are taken for it from %(day)s on.")
            % {"period": _("months"), "day": 3}
        )
    with override("en"):
        assert kept_sentences.read(text).startswith("months is too far ahead")
    assert kept_sentences.read(kept_sentences.kept("as typed, 50 %")) == "as typed, 50 %"


@pytest.mark.parametrize(
    "text", ['{"said": ', '{"said": 1}', '{"said": "x", "values": 1}', '{"said": "x"}', '{"said": null, "values": {}}']
)
def test_a_text_that_only_begins_like_a_sentence_is_said_as_it_stands(text):
    assert kept_sentences.read(kept_sentences.kept(text)) == text
