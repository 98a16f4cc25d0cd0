"""Serve the site from one command: web, workers, sweeper and, where no Redis is named, a broker of its own."""

import contextlib
import fcntl
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from quota_site import broker, static_files
from quota_site.supervisor import Program, Supervisor
from registry.terminal import TerminalCommand

MANAGE = str(settings.BASE_DIR / "manage.py")


class Command(TerminalCommand):
    help = "Serves the site: web, workers, sweeper and, if REDIS_URL is not set, an embedded broker. Ctrl-C stops it."
    needs_database = False  # it makes and migrates its own

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, help="0 takes any free port")
        parser.add_argument("--web-workers", type=int, default=2, help="processes that answer pages, of 4 threads each")
        parser.add_argument("--workers", type=int, default=2, help="processes that do jobs")

    def handle(self, *args: Any, **options: Any) -> None:
        data_dir: Path = settings.DATA_DIR
        data_dir.mkdir(parents=True, exist_ok=True)
        with only_server_of(data_dir), _listening(options["host"], options["port"]) as listener:
            environment = _environment(data_dir)
            call_command("migrate", interactive=False, verbosity=0)
            static_files.collect(environment)
            programs = [
                *_broker(data_dir),
                _web(listener, options["web_workers"]),
                *(_worker(number) for number in range(1, options["workers"] + 1)),
                Program("sweeper", [sys.executable, MANAGE, "sweep", "--skip-checks"]),
            ]
            host, port = listener.getsockname()[:2]
            Supervisor(programs, environment, self._say).run(lambda: self._say(_welcome(host, port, data_dir)))
        self._say(_("Stopped."))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _welcome(host: str, port: int, data_dir: Path) -> str:
    shown = f"[{host}]" if ":" in host else host
    message = _("Serving http://%(host)s:%(port)d/ from %(folder)s. Ctrl-C stops.")
    return message % {"host": shown, "port": port, "folder": data_dir}


@contextlib.contextmanager
def only_server_of(data_dir: Path) -> Iterator[None]:
    """Hold the data directory's lock; the kernel frees it however this process ends."""
    with (data_dir / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            message = _("%(folder)s is already being served by process %(process)s.")
            raise CommandError(message % {"folder": data_dir, "process": lock.read().strip()}) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """The socket that the web processes inherit: bound here, the port stays ours while they are restarted."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=256)
    except (OSError, OverflowError) as error:
        reason = os.strerror(error.errno or 0) if isinstance(error, OSError) else _("no such port")
        message = _("Can't listen on %(host)s, port %(port)d: %(reason)s. Choose another with --port.")
        raise CommandError(message % {"host": host, "port": port, "reason": reason}) from error
    with listener:
        yield listener


def _environment(data_dir: Path) -> dict[str, str]:
    """What the programs see: our own environment, and pages that name static files by their content.

    We have run the system checks, for which all pages are loaded: the workers need neither again.
    """
    ours = {"QUOTA_STATIC_STORAGE": static_files.MANIFEST_STORAGE, "CELERY_SKIP_CHECKS": "true"}
    return ours | os.environ | {"QUOTA_DATA_DIR": str(data_dir)}


def _broker(data_dir: Path) -> list[Program]:
    """The embedded Redis where the settings chose it; the file broker needs no program, only its folders."""
    program = broker.redis_program()
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        broker.make_folders(data_dir)
    elif program and broker.url(data_dir) == settings.CELERY_BROKER_URL:
        return [Program("Redis", broker.redis_arguments(program, data_dir), others_need_it=True)]
    return []


def _web(listener: socket.socket, processes: int) -> Program:
    descriptor = listener.fileno()
    arguments = [
        *(sys.executable, "-m", "gunicorn", "quota_site.wsgi", "--chdir", str(settings.BASE_DIR)),
        *("--bind", f"fd://{descriptor}", "--workers", str(processes), "--threads", "4", "--log-level", "warning"),
        *("--graceful-timeout", "10", "--worker-tmp-dir", str(settings.DATA_DIR), "--no-control-socket"),
    ]
    return Program("web", arguments, pass_fds=[descriptor])


def _worker(number: int) -> Program:
    """One process without a pool: killed, it leaves no half-alive pool behind, and the supervisor starts another."""
    arguments = [
        # Who runs it, root of a container or not, is the owner's decision; a page of warning at each start helps nobody.
        *(sys.executable, "-W", "ignore::UserWarning:celery.platforms", "-m", "celery", "--quiet"),
        *("--workdir", str(settings.BASE_DIR), "--app", "quota_site"),
        *("worker", "--pool", "solo", "--hostname", f"worker{number}@%h", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    return Program(f"worker {number}", arguments)
