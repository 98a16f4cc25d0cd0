"""The demonstration's clock belongs to its own database and to no other."""

import json

from quota_site.checks import marked_for_another
from quota_site.demo.running import mark

SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/data/quota.sqlite3", "HOST": "", "PORT": ""}
POSTGRES = {"ENGINE": "django.db.backends.postgresql", "NAME": "quota", "HOST": "db", "PORT": 5432}


def test_a_directory_without_a_mark_has_no_demonstration(tmp_path):
    assert mark.clock_offset(tmp_path / "demo.json", SQLITE) is None


def test_the_clock_is_ahead_for_the_marked_database_only(tmp_path):
    path = tmp_path / "data" / "demo.json"
    mark.write(path, SQLITE, -3600)
    assert mark.clock_offset(path, SQLITE) == -3600
    assert mark.clock_offset(path, POSTGRES) is None
    assert mark.clock_offset(path, SQLITE | {"NAME": "/data/other.sqlite3"}) is None


def _named(folder, name="quota.sqlite3"):
    return SQLITE | {"NAME": str(folder / name)}


def test_a_directory_that_is_moved_or_copied_stays_a_demonstration(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    mark.write(here / "demo.json", _named(here), -3600)
    here.rename(there)
    assert mark.clock_offset(there / "demo.json", _named(there)) == -3600
    assert mark.clock_offset(there / "demo.json", _named(there, "other.sqlite3")) is None
    assert mark.clock_offset(there / "demo.json", _named(tmp_path)) is None  # a file outside the directory
    assert mark.clock_offset(there / "demo.json", POSTGRES) is None


def test_a_mark_of_before_that_names_the_whole_path_holds_after_a_move(tmp_path):
    old = {"database": "sqlite3:/data/here/quota.sqlite3", "clock_offset_seconds": -60}
    (tmp_path / "demo.json").write_text(json.dumps(old))
    assert mark.clock_offset(tmp_path / "demo.json", _named(tmp_path)) == -60
    assert mark.clock_offset(tmp_path / "demo.json", _named(tmp_path, "real.sqlite3")) is None


def test_a_mark_of_another_database_is_told(tmp_path, settings):
    mark.write(tmp_path / "demo.json", _named(tmp_path), -60)
    assert mark.foreign(tmp_path / "demo.json", _named(tmp_path)) == ""
    assert mark.foreign(tmp_path / "demo.json", POSTGRES) == "sqlite3:quota.sqlite3"
    settings.DEMO_FILE = tmp_path / "demo.json"
    (said,) = marked_for_another()
    assert "sqlite3:quota.sqlite3" in said.msg
    settings.DEMO_FILE = tmp_path / "none.json"
    assert marked_for_another() == []
