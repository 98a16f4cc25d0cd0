"""What `serve` does around its programs: static files collected where they changed, programs stopped in an order that they can bear."""

import subprocess

import pytest

from quota_site import static_files
from quota_site.supervisor import Program, Supervisor
from tests.services.served import lines, until


@pytest.fixture
def collected(settings, tmp_path, monkeypatch):
    """The commands that collected, each of which left a manifest; the files are those of the folder `source`."""
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATIC_ROOT.mkdir()
    (tmp_path / "source").mkdir()
    commands = []

    def run(command, **kwargs):
        commands.append(command)
        (settings.STATIC_ROOT / "staticfiles.json").touch()
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("quota_site.static_files.subprocess.run", run)
    return commands


def test_static_files_are_collected_anew_where_they_changed(collected, tmp_path):
    style = tmp_path / "source" / "style.css"
    style.write_text("a")
    collect = {"QUOTA_STATIC_STORAGE": static_files.MANIFEST_STORAGE}
    for changed in (
        lambda: None,  # never collected
        lambda: style.write_text("b"),
        lambda: style.rename(style.with_name("other.css")),
        lambda: (tmp_path / "static" / "staticfiles.json").unlink(),
        lambda: collect.update(QUOTA_STATIC_STORAGE="another"),
    ):
        changed()
        collected.clear()
        static_files.collect(collect)
        static_files.collect(collect)
        assert len(collected) == 1


def test_what_others_need_is_stopped_after_them(tmp_path):
    """The broker, started first, goes last."""

    def program(name: str, others_need_it: bool = False) -> Program:
        on_end = f"echo {name} >> {tmp_path / 'ended'}; exit"
        script = f"trap '{on_end}' TERM; echo {name} >> {tmp_path / 'begun'}; while :; do sleep 0.05; done"
        return Program(name, ["sh", "-c", script], others_need_it=others_need_it)

    programs = [program("broker", others_need_it=True), program("web"), program("worker")]
    supervisor = Supervisor(programs, {"PATH": "/usr/bin:/bin"}, str)

    def stop_when_all_are_there() -> None:
        until(lambda: len(lines(tmp_path / "begun")) == len(programs), "the programs to begin")
        supervisor.stop()

    supervisor.run(stop_when_all_are_there)
    *others, last = lines(tmp_path / "ended")
    assert (sorted(others), last) == (["web", "worker"], "broker")
