"""Keys: made once, replaced when told to, published for good."""

import stat
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import call_command

from registry import journal
from registry.journal.seals import signing
from registry.models import JournalEntry
from registry.values.canonical import sha256


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path / "data" / "keys"


def verified(signature: signing.Signature, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(signature.public_key).verify(signature.value, data)
    except InvalidSignature:
        return False
    return True


def test_a_signature_stands_for_its_bytes_only():
    signature = signing.sign(b"26,745 t")
    assert verified(signature, b"26,745 t")
    assert not verified(signature, b"26,746 t")


def test_a_key_is_named_by_the_sha256_of_its_raw_public_half():
    signature = signing.sign(b"")
    assert signature.key_id == sha256(signature.public_key)[:16]
    assert signing.public_keys() == {signature.key_id: signature.public_key}


def test_nothing_is_made_until_something_is_signed(keys):
    assert signing.public_keys() == {}
    assert signing.published() == {"keys": []}
    assert not keys.exists()


def test_only_its_owner_can_read_the_private_key(keys):
    signing.sign(b"")
    assert stat.S_IMODE((keys / "signing.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700


def test_the_same_key_signs_until_it_is_replaced():
    assert signing.sign(b"a").key_id == signing.sign(b"b").key_id


def test_many_at_once_make_one_key(keys):
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda number: signing.sign(bytes(number)).key_id, range(32)))
    assert len(made) == 1
    assert set(signing.public_keys()) == made
    assert sorted(path.name for path in keys.iterdir()) == ["public", "signing.pem"]  # no loser left a key behind


def test_a_process_that_died_before_publishing_its_key_harms_nobody(keys):
    signature = signing.sign(b"")
    (keys / "public" / signature.key_id).unlink()
    signing.sign(b"")
    assert signing.public_keys() == {signature.key_id: signature.public_key}


def test_after_a_rotation_another_key_signs_and_the_old_one_stays_published(keys):
    old = signing.sign(b"a")
    private = (keys / "signing.pem").read_bytes()
    new = signing.rotate()
    assert new != old.key_id
    assert signing.sign(b"a").key_id == new
    assert set(signing.public_keys()) == {old.key_id, new}
    assert all(private != path.read_bytes() for path in keys.rglob("*") if path.is_file())
    assert stat.S_IMODE((keys / "signing.pem").stat().st_mode) == 0o600
    assert verified(old, b"a")


def test_the_command_says_the_new_key_and_the_journal_holds_it(db, capsys):
    signing.sign(b"")
    call_command("rotate_signing_key")
    (entry,) = JournalEntry.objects.filter(act="signing_key.rotated")
    new = signing.sign(b"").key_id
    assert new in capsys.readouterr().out
    assert new in entry.facts
    assert list(journal.verify()) == []


def test_the_published_form_is_raw_keys_in_base64():
    signature = signing.sign(b"")
    (key,) = signing.published()["keys"]
    assert (key["key_id"], key["algorithm"]) == (signature.key_id, "Ed25519")
    assert b64decode(key["public_key"]) == signature.public_key
