"""`PostgresServer`: a PostgreSQL server of a test's own, which can be stopped, killed and made to hang."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

import psycopg

from ..pseudo_terminal import wait_until
from .rooms import descendants, is_zombie

_FOLDERS = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin")]
INITDB = shutil.which("initdb", path=os.pathsep.join([os.environ.get("PATH", ""), *map(str, _FOLDERS)]))


class PostgresServer:
    """Listens on a free port of loopback; its one user, `gradwalk`, has a password."""

    def __init__(self, folder: Path) -> None:
        """Make a cluster in a folder, which belongs to somebody without rights where this is root, and start it."""
        assert INITDB is not None
        self.password = secrets.token_hex(12)
        self._programs = Path(INITDB).resolve().parent
        self._folder = folder
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user is not None:
            shutil.chown(folder, pwd.getpwnam(self._user).pw_uid, pwd.getpwnam(self._user).pw_gid)
        secret = folder / "password"
        secret.write_text(self.password)
        secret.chmod(0o644)
        self._run(
            "initdb", "--pgdata", str(folder / "data"), "--username=gradwalk", f"--pwfile={secret}", "--encoding=UTF8",
            "--auth=scram-sha-256", "--no-sync", "--locale=C",
        )  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        settings = {
            "listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "", "fsync": "off",
            "max_connections": "30", "shared_buffers": "16MB",
        }  # fmt: skip
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        log = (self._folder / "log").open("ab")
        self._process = subprocess.Popen(
            [str(self._programs / "postgres"), "-D", str(self._folder / "data"), *options],
            stdout=log, stderr=log, user=self._user, cwd="/", start_new_session=True,
        )  # fmt: skip
        log.close()
        wait_until(self._answers)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End it; with SIGQUIT all connections are cut, with SIGKILL nothing is put in order."""
        if self._process is None:
            return
        processes = self._processes()
        self._process.send_signal(how)
        self._process.wait(timeout=30)
        self._process = None
        if how is signal.SIGKILL:  # those of a server that was killed end only when they see it
            _send(processes, how)
        wait_until(lambda: all(is_zombie(process) for process in processes))

    def freeze(self) -> None:
        """Have all its processes stand still: connections stay open, and nothing is answered."""
        _send(self._processes(), signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        _send(self._processes(), signal.SIGCONT)

    def url(self, database: str = "gradwalk", password: str | None = None) -> str:
        """Return what a client is given."""
        return f"postgresql://gradwalk:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, options: str = "") -> str:
        """Make an empty database and return its name."""
        name = f"test_{secrets.token_hex(6)}"
        self.do(f"CREATE DATABASE {name} {options}")
        return name

    def do(self, query: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement as whoever may everything, and return its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "log").read_text()
        try:
            self.do("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _processes(self) -> list[int]:
        return descendants(self._process.pid) if self._process is not None else []

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments], check=True, capture_output=True, user=self._user, cwd="/"
        )


def _send(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)
