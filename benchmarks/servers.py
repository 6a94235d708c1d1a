"""The servers that are measured, each on a free port of loopback with its files in a folder of its own."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

GRADWALK = str(Path(sys.executable).with_name("gradwalk"))
PATIENCE = 30.0


@dataclass
class Server:
    """A server that runs, and the files by which one comes in."""

    process: int
    port: int
    key: Path
    presenter_key: Path
    log: Path


@contextmanager
def gradwalk_serve(folder: Path, sessions: int, *options: str) -> Generator[Server]:
    """Run `gradwalk serve` for so many sessions from one address."""
    keys = [_key(folder, name) for name in ("key", "presenter")]
    port, log = free_port(), folder / "log"
    authorized = folder / "authorized_keys"
    shutil.copy(keys[0].with_suffix(".pub"), authorized)
    command = [
        GRADWALK, "serve", f"127.0.0.1:{port}", "--authorized-keys", str(authorized),
        "--max-sessions", str(sessions), "--max-per-address", str(sessions), *options,
    ]  # fmt: skip
    if "--lecture" in options:
        command += ["--presenter-keys", str(keys[1].with_suffix(".pub"))]
    with _running(command, folder, port, log) as process:
        yield Server(process, port, *keys, log)


@contextmanager
def openssh(folder: Path, scenario: str, sessions: int) -> Generator[Server]:
    """Run OpenSSH's server, which starts a fresh gradwalk for each session."""
    keys = [_key(folder, name) for name in ("key", "host")]
    port, log = free_port(), folder / "log"
    authorized = folder / "authorized_keys"
    shutil.copy(keys[0].with_suffix(".pub"), authorized)
    (folder / "sshd_config").write_text(
        f"""
Port {port}
ListenAddress 127.0.0.1
HostKey {keys[1]}
PidFile none
AuthorizedKeysFile {authorized}
StrictModes no
PermitRootLogin prohibit-password
MaxStartups {sessions + 10}
Match User {getpass.getuser()}
    ForceCommand XDG_CONFIG_HOME={folder} exec {GRADWALK} --guest {scenario}
    DisableForwarding yes
    PermitUserRC no
""",
        encoding="utf-8",
    )
    made = os.geteuid() == 0 and not Path("/run/sshd").exists()
    if made:
        Path("/run/sshd").mkdir(mode=0o755)
    sshd = shutil.which("sshd", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))
    if sshd is None:
        raise FileNotFoundError("OpenSSH's sshd is not installed")
    try:
        with _running([sshd, "-D", "-e", "-f", str(folder / "sshd_config")], folder, port, log) as process:
            yield Server(process, port, keys[0], keys[0], log)
    finally:
        if made:
            with suppress(OSError):
                Path("/run/sshd").rmdir()


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def _running(command: list[str], folder: Path, port: int, log: Path) -> Generator[int]:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder)}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=environment)
    try:
        deadline = time.monotonic() + PATIENCE
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(command)} does not listen: {log.read_text(errors='replace')}")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        return connection.recv(4) == b"SSH-"
    return False


def _key(folder: Path, name: str) -> Path:
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path
