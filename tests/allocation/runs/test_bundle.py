"""A run's bundle: the same bytes each time, checked by two programs that share nothing, and betrayed by whatever is changed in it."""

import io
import json
import subprocess
import sys
import zipfile
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import plans
from allocation.models import Run
from allocation.runs import outcome
from allocation.runs.proof import bundle, verifying
from registry.journal.seals import signing
from registry.refusal import Refusal
from registry.values.canonical import canonical, sha256
from tests.allocation.runs.test_rerun import GOLDEN, change

pytestmark = pytest.mark.usefixtures("in_english")
SINGLE = Path(__file__).resolve().parents[3] / "static" / "runs" / "verify_bundle.py"


@pytest.fixture
def run(steel, publish, approved) -> Run:
    publish()
    return approved()


@pytest.fixture
def program(tmp_path):
    """`program(data)`: exit code and what the single file says of the bundle."""

    def act(data, *, with_keys=True):
        path, keys = tmp_path / "bundle.zip", tmp_path / "keys.json"
        path.write_bytes(data)
        keys.write_text(json.dumps(signing.published()), encoding="utf-8")
        arguments = [sys.executable, "-I", str(SINGLE), str(path), *(["--keys", str(keys)] if with_keys else [])]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return act


def files_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def failed(data):
    """The checks of `manage.py verify_bundle` that fail."""
    return {check.code for check in verifying.verify(data, signing.public_keys()) if not check.stands}


def resealed(files, key=None):
    """The files with statement and signature made to fit, as somebody with a key of their own could."""
    key = key or Ed25519PrivateKey.generate()
    statement, raw = json.loads(files["bundle.json"]), key.public_key().public_bytes_raw()
    statement["files"] = [{"name": n, "size": len(files[n]), "sha256": sha256(files[n])} for n in bundle.FILES]
    statement |= {"manifest_sha256": sha256(files["manifest.json"]), "result_sha256": sha256(files["results.json"])}
    statement["key_id"] = signing.key_id(raw)
    signed = canonical(statement).encode()
    seal = {"algorithm": "Ed25519", "key_id": signing.key_id(raw), "public_key": b64encode(raw).decode()}
    seal["signature"] = b64encode(key.sign(signed)).decode()
    return {**files, "bundle.json": signed, "signature.json": canonical(seal).encode()}


def one_more(data):
    """results.json with a tonne more for the first line."""
    results = json.loads(data)
    results["awards"][0]["quota"] += 1
    return canonical(results).encode()


def test_an_untouched_bundle_stands_by_both_programs(run, program, tmp_path, capsys):
    data = bundle.bundle(run)
    assert failed(data) == set()
    code, said = program(data)
    assert (code, said.count("\nok"), "FAILED" in said) == (0, 7, False)
    assert "The bundle is valid." in said
    (tmp_path / "b.zip").write_bytes(data)
    call_command("verify_bundle", str(tmp_path / "b.zip"))
    assert "The bundle is valid." in capsys.readouterr().out


def test_the_same_run_is_the_same_bytes_and_holds_what_was_hashed(run):
    data = bundle.bundle(run)
    assert bundle.bundle(Run.objects.get(pk=run.pk)) == data
    files = files_of(data)
    assert list(files) == ["bundle.json", "signature.json", *bundle.FILES]
    assert sha256(files["manifest.json"]) == run.manifest_sha256
    assert sha256(files["results.json"]) == run.result_sha256


@pytest.mark.parametrize("name", ["bundle.json", "signature.json", *bundle.FILES])
def test_a_changed_byte_is_betrayed_wherever_it_is(run, program, name):
    files = files_of(bundle.bundle(run))
    files[name] = files[name].replace(b"1", b"2", 1)
    data = bundle._zipped(files)
    assert failed(data)
    assert program(data)[0] == 1


def test_results_that_were_changed_and_sealed_again_are_betrayed_by_key_and_tonnes(run, program):
    files = files_of(bundle.bundle(run))
    data = bundle._zipped(resealed({**files, "results.json": one_more(files["results.json"])}))
    assert failed(data) == {"key", "result"}
    code, said = program(data)
    assert code == 1
    assert {line.split()[1] for line in said.splitlines() if line.startswith("FAILED")} == {"key", "tonnes", "units"}
    assert "computed 991176 t" in said
    assert "FAILED   tonnes" in program(data, with_keys=False)[1]


def test_a_tonne_issued_beyond_top_up_and_deductions_is_betrayed_by_the_single_program(run, program):
    files = files_of(bundle.bundle(run))
    results = json.loads(files["results.json"])
    for name in ("issued_now", "issued_total"):
        results["settlements"][0][name] += 1
    files["results.json"] = canonical(results).encode()
    said = program(bundle._zipped(resealed(files)), with_keys=False)[1]
    assert {line.split()[1] for line in said.splitlines() if line.startswith("FAILED")} == {"units"}


def test_a_manifest_that_was_changed_and_sealed_again_gives_other_tonnes(run, program):
    files = files_of(bundle.bundle(run))
    manifest = json.loads(files["manifest.json"])
    manifest["balance_value"]["value"] = "0.9000"
    files["manifest.json"] = canonical(manifest).encode()
    data = bundle._zipped(resealed(files))
    assert {"key", "result"} <= failed(data)
    code, said = program(data)
    assert (code, "FAILED   tonnes" in said) == (1, True)


def test_a_plan_that_is_not_the_manifests_is_betrayed(run, program):
    files = files_of(bundle.bundle(run))
    files["plan.json"] = files["plan.json"].replace(b"final", b"draft")
    data = bundle._zipped(resealed(files))
    assert failed(data) == {"key", "plan"}
    assert "FAILED   plan" in program(data)[1]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        bundle._zipped({"a": b"b"}),
        bundle._zipped(dict.fromkeys(["bundle.json", "signature.json", *bundle.FILES], b"{}")),
    ],
)
def test_what_is_no_bundle_is_unusable(program, tmp_path, data):
    with pytest.raises(verifying.UnusableBundleError):
        verifying.verify(data, {})
    assert program(data)[0] == 2
    (tmp_path / "x.zip").write_bytes(data)
    with pytest.raises(CommandError) as refusal:
        call_command("verify_bundle", str(tmp_path / "x.zip"))
    assert refusal.value.returncode == 2


def test_a_tampered_run_is_not_handed_out(run, unit):
    change("UPDATE allocation_award SET quota = 1 WHERE run_id = %s AND unit_id = %s", run.pk, unit.pk)
    with pytest.raises(Refusal):
        bundle.bundle(run)


def test_the_page_leads_to_it_and_hands_it_out(run, client_for, auditor, clerk):
    page = client_for(auditor).get(f"/allocation/runs/{run.pk}/")
    assert f"/allocation/runs/{run.pk}/bundle/" in page.content.decode()
    response = client_for(auditor).get(f"/allocation/runs/{run.pk}/bundle/")
    assert response.content == bundle.bundle(run)
    assert f"{run.result_sha256[:12]}.zip" in response.headers["Content-Disposition"]
    assert client_for(clerk).get(f"/allocation/runs/{run.pk}/bundle/").status_code == 403


# --- The second implementation


@pytest.fixture(scope="module")
def independent():
    space: dict = {"__name__": "verify_bundle"}
    exec(compile(SINGLE.read_text(encoding="utf-8"), str(SINGLE), "exec"), space)  # noqa: S102 (our own file)
    return space


def labelled(line):
    return line["kind"] == "carbide_slag"


KINDS = st.sampled_from(["", "white", "carbide_slag", "gypsum_acid"])
DAYS = st.sampled_from([None, "2024-06-30", "2025-01-01", "2025-12-31", "2026-08-31", "2026-09-01", "2026-09-02"])
LINE = st.fixed_dictionaries(
    {
        "emissions": st.integers(0, 10**7),
        "main_emissions": st.integers(0, 10**9).map(lambda cents: f"{cents / 100:.2f}"),
        "output": st.integers(1, 10**9).map(lambda cents: f"{cents / 100:.2f}"),
        "kind": KINDS,
        "carbide_slag_rate": st.none() | st.integers(100, 200).map(lambda rate: f"0.{rate:03d}"),
        "closed": DAYS,
    }
)


@settings(max_examples=150)
@given(
    lines=st.lists(LINE, max_size=8),
    value=st.integers(1, 20_000),
    year=st.sampled_from([2024, 2025]),
    in_advance=st.booleans(),
    recorded=st.booleans(),
)
def test_two_implementations_give_the_same_tonnes(independent, lines, value, year, in_advance, recorded):
    """Under the plan as a run of before recorded it, and as it reads now: of which lines the carbide-slag rate is asked differs."""
    manifest = json.loads(GOLDEN.read_text(encoding="utf-8"))["manifest"]
    if not recorded:
        manifest["plan"] = plans.load_plan("2024-2025-final").canonical()
    template = manifest["lines"][0]
    manifest |= {
        "year": 2025 if in_advance else year,
        "kind": "pre_allocation" if in_advance else "determination",
        "before": {},
        "outstanding": {},
    }
    manifest["balance_value"] = {"id": 1, "value": f"{value / 10000:.4f}"}
    lines = [
        {**line, "carbide_slag_rate": line["carbide_slag_rate"] or "0"} if labelled(line) else line for line in lines
    ]
    manifest["lines"] = [{**template, **line, "line": f"{template['unit']}/K{n}"} for n, line in enumerate(lines)]
    result = outcome.result_of(manifest)
    files = {"manifest.json": canonical(manifest).encode(), "results.json": canonical(result).encode()}
    assert [(code, stands, where) for code, stands, where in independent["sums"](files)] == [
        ("lines", True, []),
        ("tonnes", True, []),
        ("units", True, []),
    ]
