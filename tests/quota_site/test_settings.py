"""What the environment means to the settings, and the words of the password rules."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("text", ["", " "])
def test_a_database_url_that_is_set_and_empty_is_not_set(tmp_path, text):
    said = "from quota_site.settings import DATABASES; print(DATABASES['default']['NAME'])"
    environment = os.environ | {"DATABASE_URL": text, "QUOTA_DATA_DIR": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", said], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    assert told.stdout.strip() == str(tmp_path / "quota.sqlite3")


@pytest.mark.parametrize("password", ["kurz", "password123"])
def test_the_password_rules_speak_the_readers_language(password):
    with translation.override("zh-hans"), pytest.raises(ValidationError) as caught:
        validate_password(password)
    assert caught.value.messages
    assert not any(sign.isascii() and sign.isalpha() for message in caught.value.messages for sign in message)
