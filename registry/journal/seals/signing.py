"""The system's signature: Ed25519 keys in the data directory, made at first use; whoever has a public key can check it offline.

`keys/signing.pem` is the one private key, readable by its owner only. `keys/public/` holds the public key of it and of every key
before it: what was signed stays checkable when the private key is gone. A key's id is the beginning of the sha256 of the raw
public key.
"""

import os
import tempfile
from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from registry.values.canonical import sha256

__all__ = ["Key", "Signature", "is_there", "key_id", "lacking", "present", "public_keys", "published", "rotate", "sign"]

ID_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Signature:
    """`value` signs the bytes under the public key `public_key`, both raw."""

    key_id: str
    value: bytes
    public_key: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """The key that signs at present."""

    private: Ed25519PrivateKey = field(repr=False)
    public: bytes

    @property
    def id(self) -> str:
        return key_id(self.public)

    def sign(self, data: bytes) -> Signature:
        return Signature(self.id, self.private.sign(data), self.public)


def present() -> Key:
    """The key that signs; the first one of an installation is made here. Read anew each time, so that a rotation holds at once."""
    key = _present()
    return Key(key, key.public_key().public_bytes_raw())


def sign(data: bytes) -> Signature:
    """Sign with the present key."""
    return present().sign(data)


def public_keys() -> dict[str, bytes]:
    """Every key that ever signed here, raw, by its id."""
    keys = [path.read_bytes() for path in sorted(_public().glob("[0-9a-f]*"))]
    return {key_id(key): key for key in keys}


def published() -> dict[str, Any]:
    """The public keys in the form in which they are handed out."""
    keys = [
        {"key_id": name, "algorithm": "Ed25519", "public_key": b64encode(raw).decode()}
        for name, raw in public_keys().items()
    ]
    return {"keys": keys}


def rotate() -> str:
    """Put a new key in the present one's place, whose private half is gone with that; the new key's id."""
    _folder()
    key = Ed25519PrivateKey.generate()
    temporary = _written(key)
    name = _publish(key)  # before it signs anything
    temporary.replace(_private())
    _sync(_private().parent)
    return name


def lacking(used: Collection[str]) -> list[str]:
    """Which of the keys that something was signed with, by id, have no public half here any more; nothing is made by asking."""
    return sorted(set(used) - set(public_keys()))


def is_there() -> bool:
    """Whether the private key can be read; asking makes none."""
    try:
        serialization.load_pem_private_key(_private().read_bytes(), password=None)
    except (OSError, ValueError):
        return False
    return True


def key_id(public: bytes) -> str:
    """The short name of a raw public key."""
    return sha256(public)[:ID_LENGTH]


def _present() -> Ed25519PrivateKey:
    try:
        pem = _private().read_bytes()
    except FileNotFoundError:
        pem = _made()
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{_private()} holds no Ed25519 key")
    _publish(key)  # a process that died between making and publishing it left that to us
    return key


def _made() -> bytes:
    """Make the first key. Of two processes that do so at once one wins: a link, unlike a rename, never replaces."""
    _folder()
    temporary = _written(Ed25519PrivateKey.generate())
    try:
        os.link(temporary, _private())
        _sync(_private().parent)
    except FileExistsError:
        pass  # the other's is as good
    finally:
        temporary.unlink()
    return _private().read_bytes()


def _written(key: Ed25519PrivateKey) -> Path:
    """The key in a file of its own, whole and on the disk; mkstemp makes it with O_EXCL and mode 0600."""
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return _put(_private().parent, pem)


def _publish(key: Ed25519PrivateKey) -> str:
    raw = key.public_key().public_bytes_raw()
    path = _public() / key_id(raw)
    if not path.exists():
        _public().mkdir(parents=True, exist_ok=True)
        _put(_public(), raw).replace(path)
        _sync(_public())
    return path.name


def _put(folder: Path, data: bytes) -> Path:
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _sync(folder: Path) -> None:
    """Make the names in the folder durable too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folder() -> None:
    _private().parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _private() -> Path:
    return Path(settings.DATA_DIR) / "keys" / "signing.pem"


def _public() -> Path:
    return Path(settings.DATA_DIR) / "keys" / "public"
