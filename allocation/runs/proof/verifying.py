"""What can be checked of a bundle without the database: signature, key, hashes, and the whole result computed again by our own method.

Plain Python apart from the method's own words. See `bundle` for the format.
"""

import io
import json
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allocation.runs.proof.bundle import FILES, FORMAT, SIGNATURE, SIGNED
from allocation.runs.proof.rerun import UnusableManifestError, differences, recomputed
from registry.values.bilingual import listed
from registry.values.canonical import canonical, sha256

__all__ = ["LIMIT_BYTES", "Check", "UnusableBundleError", "verify"]

# Ten times a national run of 12,000 lines.
LIMIT_BYTES = 1 << 30

WORDS: dict[str, Promise] = {
    "signature": gettext_lazy("bundle.json is as it was signed"),
    "key": gettext_lazy("the key that signed is one of the published keys"),
    "files": gettext_lazy("every file has the size and sha256 that bundle.json says"),
    "hashes": gettext_lazy(
        "manifest and results have the hashes that the run was approved by, and all name the same run"
    ),
    "plan": gettext_lazy("plan.json is the plan in the manifest"),
    "result": gettext_lazy("recomputed from the manifest, the result is identical to the byte"),
}


class UnusableBundleError(Exception):
    """A file that is no bundle at all; the message says why."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: whether it stands, and the places where it doesn't."""

    code: str
    stands: bool
    places: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return str(WORDS[self.code])


def verify(data: bytes, keys: Mapping[str, bytes]) -> list[Check]:
    """All checks; `keys` are the published ones, raw, by id. Raises UnusableBundleError."""
    files = _read(data)
    statement, seal = _parsed(files, SIGNED), _parsed(files, SIGNATURE)
    manifest, plan, results = (_parsed(files, name) for name in FILES)
    if statement.get("format") != FORMAT:
        raise UnusableBundleError(_("The file is not a bundle of the format %(format)s.") % {"format": FORMAT})
    try:
        papers = _papers(files, statement, seal, manifest, keys)
        return [*papers, Check("plan", plan == manifest["plan"]), _result(files, results)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = _("The file is not a bundle of this system: %(why)s")
        raise UnusableBundleError(said % {"why": repr(error)}) from error


def _papers(
    files: dict[str, bytes], statement: Any, seal: Any, manifest: Any, keys: Mapping[str, bytes]
) -> list[Check]:
    key = b64decode(seal["public_key"], validate=True)
    signed = _signed(key, b64decode(seal["signature"], validate=True), files[SIGNED])
    stated = {row["name"]: (row["size"], row["sha256"]) for row in statement["files"]}
    wrong = [name for name in FILES if stated.get(name) != (len(files[name]), sha256(files[name]))]
    hold = (statement["manifest_sha256"], statement["result_sha256"], statement["method"]) == (
        sha256(files["manifest.json"]),
        sha256(files["results.json"]),
        manifest["method"],
    )
    named = ("authority", "sector", "year", "kind")
    hold = hold and all(statement["run"][name] == manifest[name] for name in named)
    return [
        Check("signature", signed and seal["algorithm"] == "Ed25519"),
        Check("key", keys.get(statement["key_id"]) == key and seal["key_id"] == statement["key_id"]),
        Check("files", not wrong and len(stated) == len(FILES), wrong),
        Check("hashes", hold),
    ]


def _result(files: dict[str, bytes], results: Any) -> Check:
    try:
        computed = recomputed(files["manifest.json"].decode())
    except UnusableManifestError as error:
        return Check("result", False, [str(error)])
    if canonical(computed).encode() == files["results.json"]:
        return Check("result", True)
    found = differences(results, computed)
    return Check(
        "result", False, [f"{each.part} {each.row} {each.field}: {each.stored} / {each.computed}" for each in found]
    )


def _signed(key: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read(data: bytes) -> dict[str, bytes]:
    """The bundle's files; a zip with others, or that unfolds without end, is none."""
    names = sorted((SIGNED, SIGNATURE, *FILES))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sorted(entry.filename for entry in entries) != names:
                raise UnusableBundleError(_("A bundle holds exactly %(names)s.") % {"names": listed(names)})
            if sum(entry.file_size for entry in entries) > LIMIT_BYTES:
                raise UnusableBundleError(_("The file is too large to be a bundle."))
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnusableBundleError(_("The file is not a readable zip archive.")) from error


def _parsed(files: dict[str, bytes], name: str) -> Any:
    try:
        content = json.loads(files[name])
        canonical(content)
    except (ValueError, TypeError, RecursionError) as error:
        raise UnusableBundleError(_("%(name)s is not JSON of the form used in bundles.") % {"name": name}) from error
    if not isinstance(content, dict):
        raise UnusableBundleError(_("%(name)s is not JSON of the form used in bundles.") % {"name": name})
    return content
