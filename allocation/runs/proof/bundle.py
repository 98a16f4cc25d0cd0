"""A run in a signed zip: whoever holds it can check it, and compute its tonnes again, offline and for good.

The zip holds its files in this order, all with one fixed time, so that the same run under the same key is the same bytes:

    bundle.json     what is signed: the run, its hashes, and size and sha256 of the files below (canonical JSON)
    signature.json  the Ed25519 signature of bundle.json's bytes, and the public key
    manifest.json   the stored manifest, to the byte: everything the result depends on
    plan.json       the plan as it stands in the manifest
    results.json    awards, settlements and lines left out, canonical JSON: its sha256 is the run's result hash

static/runs/verify_bundle.py is a second, independent implementation of the checks, and of the tonnes.
"""

import io
import json
import zipfile
from base64 import b64encode
from typing import Any

from django.utils.translation import gettext as _

from allocation import runs
from allocation.models import Run
from registry import journal
from registry.journal.seals import signing
from registry.refusal import Refusal
from registry.values.canonical import canonical, digest, sha256

__all__ = ["FILES", "FORMAT", "bundle", "name_of"]

FORMAT = "quota-run/1"
SIGNED, SIGNATURE = "bundle.json", "signature.json"
FILES = ("manifest.json", "plan.json", "results.json")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name


def bundle(run: Run) -> bytes:
    """The zip. Refused where there is nothing to hand out, or where it is not what the run's hashes say."""
    if not run.manifest_sha256:
        raise Refusal(_("Nothing was computed in this run: there is nothing to download."))
    result = runs.stored_result(run)
    if sha256(run.manifest.encode()) != run.manifest_sha256 or digest(result) != run.result_sha256:
        raise Refusal(_("The stored run doesn't match its hashes. Don't use it; inform the operators."))
    files = {
        "manifest.json": run.manifest.encode(),
        "plan.json": canonical(run.inputs["plan"]).encode(),
        "results.json": canonical(result).encode(),
    }
    key = signing.present()
    signed = canonical(_statement(run, files, key.id)).encode()
    signature = key.sign(signed)
    sealed = {
        "algorithm": "Ed25519",
        "key_id": signature.key_id,
        "public_key": b64encode(signature.public_key).decode(),
        "signature": b64encode(signature.value).decode(),
    }
    return _zipped({SIGNED: signed, SIGNATURE: canonical(sealed).encode(), **files})


def name_of(run: Run) -> str:
    return f"run-{run.authority.code}-{run.sector}-{run.year}-{run.kind}-{run.pk}-{run.result_sha256[:12]}.zip"


def _statement(run: Run, files: dict[str, bytes], key_id: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "run": {
            "number": run.pk,
            "authority": run.authority.code,
            "sector": run.sector,
            "year": run.year,
            "kind": str(run.kind),
            "state": str(run.state),
            "approved_at": journal.instant(run.approved_at) if run.approved_at else None,
        },
        "method": json.loads(run.manifest)["method"],
        "manifest_sha256": run.manifest_sha256,
        "result_sha256": run.result_sha256,
        "files": [{"name": name, "size": len(data), "sha256": sha256(data)} for name, data in files.items()],
        "key_id": key_id,
    }


def _zipped(files: dict[str, bytes]) -> bytes:
    """The files in their order, with nothing in the zip that depends on when or where it was made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 6)
    return buffer.getvalue()
