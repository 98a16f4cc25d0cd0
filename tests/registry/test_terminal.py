"""What all our commands have in common: the terminal's language, and the exit code where the database can't be used."""

import importlib
import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, ManagementUtility, call_command, find_commands
from django.db import DatabaseError
from django.db.utils import ConnectionHandler
from django.utils import translation
from environ import Env

from registry import terminal
from registry.terminal import TerminalCommand

OURS = ("registry", "reporting", "allocation", "quota_site")
COMMANDS = [
    (app, name) for app in OURS for name in find_commands(os.path.join(apps.get_app_config(app).path, "management"))
]
CHINESE, ENGLISH = "zh_CN.UTF-8", "en_GB.UTF-8"


@pytest.fixture
def typed(monkeypatch, capsys, django_db_blocker):
    """`typed(*arguments, …)`: exit code and standard error of a command as it is typed in such a terminal, on that database."""

    def run(*arguments: str, language: str, database: str) -> tuple[int, str]:
        for name in ("LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LANG", language)
        asked = ConnectionHandler({"default": Env.db_url_config(database)})["default"]
        monkeypatch.setattr(terminal, "connection", asked)
        argv = ["manage.py", *arguments]
        with django_db_blocker.unblock(), pytest.raises(SystemExit) as ended:
            ManagementUtility(argv).fetch_command(arguments[0]).run_from_argv(argv)
        asked.close()
        return int(ended.value.code or 0), capsys.readouterr().err

    return run


@pytest.mark.parametrize(("app", "name"), COMMANDS)
def test_every_command_of_ours_speaks_the_terminals_language(app, name):
    command = importlib.import_module(f"{app}.management.commands.{name}").Command
    assert issubclass(command, TerminalCommand)


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": CHINESE}, "zh-hans"),
        ({"LANG": ENGLISH, "LC_MESSAGES": CHINESE}, "zh-hans"),
        ({"LANG": CHINESE, "LC_ALL": "C"}, "en"),
    ],
)
def test_the_terminals_language(monkeypatch, environment, spoken):
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert terminal.language() == spoken


@pytest.mark.parametrize(
    ("language", "said"), [(CHINESE, "2024年度不要求月度存证"), (ENGLISH, "No monthly evidence is asked for in 2024")]
)
def test_what_a_command_says_follows_the_terminal(typed, tmp_path, language, said):
    asked = ["blank_workbook", "--sector", "steel", "--month", "2024-03", "-o", str(tmp_path / "x.xlsx")]
    code, err = typed(*asked, language=language, database=f"sqlite:///{tmp_path / 'quota.sqlite3'}")
    assert (code, said in err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "language", "said"),
    [
        (["verify_journal"], CHINESE, "为空"),
        (["verify_journal"], ENGLISH, "is empty or older"),
        (["reconcile"], CHINESE, "为空"),
        (["rerun", "--all"], ENGLISH, "is empty or older"),
        (["sweep", "--once"], ENGLISH, "is empty or older"),
        (["blank_workbook", "--sector", "steel", "--month", "2025-07", "--unit", "X", "-o", "x"], CHINESE, "为空"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_an_empty_data_directory_is_no_fault_found(typed, tmp_path, arguments, language, said):
    database = f"sqlite:///{tmp_path / 'quota.sqlite3'}"
    code, err = typed(*arguments, language=language, database=database)
    assert code == 2
    assert said in err
    assert str(tmp_path) in err


def test_a_process_of_its_own_ends_with_the_code_in_the_terminals_language(tmp_path):
    """As somebody with such a terminal sees it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    places = {"QUOTA_DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'quota.sqlite3'}"}
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_journal"],
        cwd=settings.BASE_DIR,
        env=kept | {"DJANGO_SETTINGS_MODULE": "quota_site.settings", "LANG": CHINESE} | places,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "为空" in done.stderr
    assert str(tmp_path) in done.stderr


@pytest.mark.parametrize("found", ["nothing of the kind", ""])
def test_a_database_that_is_none_or_out_of_reach(typed, tmp_path, found):
    database = "postgres://nobody@127.0.0.1:1/nothing"
    if found:
        (tmp_path / "quota.sqlite3").write_text(found * 100)
        database = f"sqlite:///{tmp_path / 'quota.sqlite3'}"
    code, err = typed("verify_journal", language=CHINESE, database=database)
    assert (code, "无法使用" in err) == (2, True)


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "无法使用：disk"), ("en", "can't be used: disk")])
def test_a_database_that_fails_meanwhile(db, monkeypatch, language, said):
    def fail():
        raise DatabaseError("disk")

    monkeypatch.setattr("registry.journal.verify", fail)
    with translation.override(language), pytest.raises(CommandError, match=said) as caught:
        call_command("verify_journal")
    assert caught.value.returncode == 2
