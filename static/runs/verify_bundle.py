#!/usr/bin/env python3
"""Check a bundle of a quota run, offline, without any of the administration's software; and compute its tonnes again.

    python3 verify_bundle.py BUNDLE.zip --keys keys.json

Needs Python 3.11 or newer and `cryptography` (pip install cryptography); where that can't be had, --without-signature checks
everything but whose bundle it is, and says so. keys.json are the published keys, from /receipts/keys.json
of the site; get them from there, or from whoever you trust, not from whoever gave you the bundle. Without --keys it is not checked
whose signature it is.

The tonnes are computed here from the plan's formulas in fractions, by code that shares nothing with the system's.

Exit 0: all that was checked stands. 1: a check failed. 2: the file can't be used.
"""

import argparse
import datetime as dt
import hashlib
import json
import sys
import zipfile
import zlib
from base64 import b64decode
from fractions import Fraction
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None

FORMAT = "quota-run/1"
NAMES = ("bundle.json", "signature.json", "manifest.json", "plan.json", "results.json")
LIMIT_BYTES = 1 << 30
MOST_TOLD = 20

WORDS = {
    "signature": "bundle.json is as it was signed",
    "key": "the key that signed is one of the published keys",
    "files": "every file has the size and sha256 that bundle.json says",
    "hashes": "manifest and results have the hashes that the run was approved by, and all name the same run",
    "plan": "plan.json is the plan in the manifest",
    "lines": "every line of the manifest has one award, and no other line has",
    "tonnes": "quota and tonnes due of every line, computed again from the manifest",
    "units": "every unit's row is the sum of its lines, and adds up",
}


class Unusable(Exception):
    """A file that is not what it should be."""


def canonical(content: Any) -> bytes:
    """The bytes that are signed and hashed: keys sorted, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read(path: Path) -> dict[str, bytes]:
    """The files of the zip by name."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if sorted(entry.filename for entry in entries) != sorted(NAMES):
                raise Unusable(f"{path}: a bundle holds exactly {', '.join(NAMES)}")
            if sum(entry.file_size for entry in entries) > LIMIT_BYTES:
                raise Unusable(f"{path}: too large to be a bundle")
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Unusable(f"{path}: not a zip that can be read ({error})") from error


def parsed(files: dict[str, bytes], name: str) -> Any:
    try:
        return json.loads(files[name], object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{name}: not JSON as bundles are written in") from error


def unique(pairs: list) -> dict:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def refuse(number: str) -> None:
    raise ValueError(f"{number}: bundles hold whole numbers only")


def published_keys(path: Path) -> dict[str, bytes]:
    """The raw published keys by id."""
    try:
        keys = [b64decode(key["public_key"], validate=True) for key in json.loads(path.read_bytes())["keys"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unusable(f"{path}: not a file of published keys") from error
    return {sha256(key)[:16]: key for key in keys}


# --- The papers


def papers(files: dict[str, bytes], published: dict[str, bytes] | None, *, unsigned: bool) -> list:
    """(code, whether it stands; None: not checked, where not)."""
    statement, seal = parsed(files, "bundle.json"), parsed(files, "signature.json")
    manifest, plan = parsed(files, "manifest.json"), parsed(files, "plan.json")
    if not isinstance(statement, dict) or statement.get("format") != FORMAT:
        raise Unusable(f"bundle.json: not of the format {FORMAT}")
    try:
        key = b64decode(seal["public_key"], validate=True)
        signature = b64decode(seal["signature"], validate=True)
        signed = (
            None if unsigned else seal["algorithm"] == "Ed25519" and is_signed(key, signature, files["bundle.json"])
        )
        stated = {row["name"]: (row["size"], row["sha256"]) for row in statement["files"]}
        found = {name: (len(data), sha256(data)) for name, data in files.items() if name in stated}
        wrong = [name for name in NAMES[2:] if stated.get(name) != found.get(name) or name not in stated]
        run, named = statement["run"], ("authority", "sector", "year", "kind")
        same = (
            statement["manifest_sha256"] == sha256(files["manifest.json"])
            and statement["result_sha256"] == sha256(files["results.json"])
            and statement["method"] == manifest["method"]
            and all(run[name] == manifest[name] for name in named)
        )
        known = None
        if published is not None:
            known = published.get(statement["key_id"]) == key and seal["key_id"] == statement["key_id"]
        return [
            ("signature", signed, []),
            ("key", known, []),
            ("files", not wrong, wrong),
            ("hashes", same, []),
            ("plan", plan == manifest["plan"], []),
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise Unusable(f"not a bundle of this format: {error!r}") from error


def is_signed(key: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- The tonnes, from the plan's formulas


def parameter(manifest: dict, name: str) -> Any:
    """The plan's value in force on the last day of the emission year; None where it says nothing."""
    day = f"{manifest['year']}-12-31"
    known = manifest["plan"]["parameters"].get(name, {"values": []})
    for row in known["values"]:
        if row["since"] <= day and (row["until"] is None or day <= row["until"]):
            return row["value"]
    return None


def floor(value: Fraction) -> int:
    return value.numerator // value.denominator


def tonnes(line: dict, manifest: dict) -> tuple[int, int]:
    """(quota, due) of a line."""
    emissions = line["emissions"]
    if manifest["kind"] == "pre_allocation":
        return floor(Fraction(parameter(manifest, "pre_allocation.rate")) * emissions), 0
    outside, equal = ends(line, manifest)
    if outside:
        return 0, 0
    if equal or is_equal(line, manifest):
        return emissions, emissions
    return floor(emissions * (1 + alpha(line, manifest))), emissions


def ends(line: dict, manifest: dict) -> tuple[bool, bool]:
    """Whether the line's beginning or end puts it outside the year's allocation, or makes its quota its emissions."""
    new = line["commissioned"] is not None and int(line["commissioned"][:4]) == manifest["year"]
    closed = line["closed"] is not None and day(line["closed"]) <= day(manifest["determined_on"])
    said = {
        parameter(manifest, "determination.commissioned_in_the_year") if new else "",
        parameter(manifest, "determination.closed_before_determination") if closed else "",
    }
    return "outside" in said, "equal" in said


def is_equal(line: dict, manifest: dict) -> bool:
    """Whether A = E for another reason: the plan's method, a line that stood still, its kind, its small unit."""
    if parameter(manifest, "determination.method") == "equal_to_verified":
        return True
    if line["emissions"] == 0 and not number(line["main_emissions"]) and number(line["output"]) == 0:
        return True
    if treatment(line["kind"], manifest) == "equal" or above_the_slag_rate(line, manifest):
        return True
    small = parameter(manifest, "determination.small_unit")
    whole = line["emissions"] if line.get("unit_emissions") is None else line["unit_emissions"]
    return small is not None and whole <= Fraction(small)


def treatment(kind: str, manifest: dict) -> Any:
    """How the plan treats that kind of line in the run's sector; None where it says nothing of it."""
    name = f"determination.kinds.{kind}"
    of_the_sector = manifest["plan"]["parameters"].get(name, {}).get("sector") == manifest["sector"]
    return parameter(manifest, name) if of_the_sector else None


def above_the_slag_rate(line: dict, manifest: dict) -> bool:
    """Whether the line's carbide-slag rate makes its quota its emissions: of any line, in older plans of those labelled so alone."""
    asked = treatment("carbide_slag", manifest)
    if asked != "any_line_above_rate" and not (asked == "equal_above_rate" and line["kind"] == "carbide_slag"):
        return False
    return (number(line["carbide_slag_rate"]) or 0) > Fraction(parameter(manifest, "determination.carbide_slag_rate"))


def alpha(line: dict, manifest: dict) -> Fraction:
    """The intensity coefficient: slope × (BP − I) / BP, at most the cap to either side."""
    if parameter(manifest, "determination.method") != "intensity_coefficient":
        raise Unusable("the plan names a method that this program does not know")
    bp = Fraction(manifest["balance_value"]["value"])
    intensity = Fraction(line["main_emissions"]) / Fraction(line["output"])
    slope, cap = (Fraction(parameter(manifest, f"determination.{name}")) for name in ("slope", "cap"))
    return max(-cap, min(cap, slope * (bp - intensity) / bp))


def number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def sums(files: dict[str, bytes]) -> list:
    """(code, whether it stands, where not) of what is computed again."""
    manifest, results = parsed(files, "manifest.json"), parsed(files, "results.json")
    try:
        lines = {line["line"]: line for line in manifest["lines"]}
        awards = {award["line"]: award for award in results["awards"]}
        twice = len(lines) != len(manifest["lines"]) or len(awards) != len(results["awards"])
        odd = sorted(lines.keys() ^ awards.keys())
        wrong = []
        for name in sorted(lines.keys() & awards.keys()):
            stated = awards[name]["quota"], awards[name]["due"], awards[name]["emissions"]
            quota, due = tonnes(lines[name], manifest)
            if stated != (quota, due, lines[name]["emissions"]):
                wrong.append(f"{name}: {stated[0]} t, due {stated[1]} t; computed {quota} t, due {due} t")
        units = unit_faults(manifest, lines, results)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, AttributeError) as error:
        raise Unusable(f"the tonnes can't be computed again: {error!r}") from error
    return [
        ("lines", not odd and not twice, odd),
        ("tonnes", not wrong, wrong),
        ("units", not units, units),
    ]


def unit_faults(manifest: dict, lines: dict, results: dict) -> list[str]:
    in_advance = manifest["kind"] == "pre_allocation"
    quota: dict[str, int] = {}
    due: dict[str, int] = {}
    for award in results["awards"]:
        unit = lines[award["line"]]["unit"] if award["line"] in lines else award["line"].split("/")[0]
        quota[unit] = quota.get(unit, 0) + award["quota"]
        due[unit] = due.get(unit, 0) + award["due"]
    faults = []
    for row in results["settlements"]:
        unit = row["unit"]
        total = row["pre_allocated"] if in_advance else row["determined"]
        adds_up = row["issued_total"] == row["issued_before"] + row["issued_now"]
        # ③ = ① − ② of table 1-5; ⑤ = ① − ③ + ② of table 2-5
        due_now = total - row["deducted"] if in_advance else row["top_up"] - row["deducted"] + row["deduction_returned"]
        adds_up = adds_up and row["issued_now"] == due_now
        if (total, row["due"]) != (quota.pop(unit, 0), due.get(unit, 0)) or not adds_up:
            faults.append(unit)
    return faults + [f"{unit}: no row" for unit in sorted(quota)]


def main() -> int:
    parser = argparse.ArgumentParser(description="Check a bundle of a quota run offline.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--keys", type=Path, help="the published keys (keys.json)")
    parser.add_argument("--without-signature", action="store_true", help="do not check it; no cryptography is needed")
    given = parser.parse_args()
    try:
        if Ed25519PublicKey is None and not given.without_signature:
            raise Unusable("checking the signature needs cryptography: install it, or see --without-signature")
        files = read(given.bundle)
        published = published_keys(given.keys) if given.keys else None
        found = papers(files, published, unsigned=given.without_signature) + sums(files)
    except Unusable as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return 2
    for code, stands, where in found:
        word = "-" if stands is None else "ok" if stands else "FAILED"
        sys.stdout.write(f"{word:8} {code:10} {WORDS[code]}\n")
        for place in where[:MOST_TOLD]:
            sys.stdout.write(f"{'':19} {place}\n")
        if len(where) > MOST_TOLD:
            sys.stdout.write(f"{'':19} … and {len(where) - MOST_TOLD} more\n")
    failed = any(stands is False for _code, stands, _where in found)
    good = "All but the signature is valid.\n" if given.without_signature else "The bundle is valid.\n"
    sys.stdout.write("The bundle does not stand.\n" if failed else good)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
