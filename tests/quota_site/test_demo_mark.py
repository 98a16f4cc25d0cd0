"""The demonstration's clock belongs to its own database and to no other."""

from quota_site.demo import mark

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
