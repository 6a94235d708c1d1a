"""The key by which clients know a server again: made once, and kept where nobody else can read it."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path

import asyncssh

from ...engine.errors import GradwalkError

NAME = "ssh_host_ed25519_key"
"""The file, in the folder where a user's programs keep their state."""


def default_path() -> Path:
    """Return where the key is kept that is made without being asked for."""
    import platformdirs

    return platformdirs.user_state_path("gradwalk") / NAME


def host_keys(paths: Sequence[Path]) -> list[asyncssh.SSHKey]:
    """Read the keys in files, or the one in the usual place; GradwalkError also where two are of one kind."""
    keys = [host_key(path) for path in paths or [None]]
    if len({key.get_algorithm() for key in keys}) < len(keys):
        raise GradwalkError("two host keys are of one kind: a client is shown one of each")
    return keys


def host_key(path: Path | None) -> asyncssh.SSHKey:
    """Read the key in a file; without one, that in the usual place, which is made where there is none yet.

    Raises GradwalkError where it cannot be read, others could read it, or it cannot be made.
    """
    if path is None:
        path = default_path()
        if not path.exists():
            _make(path)
    try:
        status = path.stat()
        data = path.read_bytes()
    except OSError as error:
        raise GradwalkError(f"the host key cannot be read: {path}: {error.strerror}") from None
    if status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) & 0o077:
        raise GradwalkError(f"others could read the host key, and pose as this server; mend it by: chmod 600 {path}")
    try:
        return asyncssh.import_private_key(data)
    except asyncssh.KeyEncryptionError:
        raise GradwalkError(f"{path} has a passphrase, which nobody could type when the server starts") from None
    except asyncssh.KeyImportError:
        made = f"ssh-keygen -t ed25519 -N '' -f {path}.new"
        raise GradwalkError(f"{path} is no private key that SSH could use; one is made by: {made}") from None


def _make(path: Path) -> None:
    """Make a key; where another server has made one meanwhile, that is the one."""
    key = asyncssh.generate_private_key("ssh-ed25519", comment="gradwalk")
    new = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(key.export_private_key())
                file.flush()
                os.fsync(descriptor)
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    except OSError as error:
        hint = "give it a file that exists by --host-key FILE"
        raise GradwalkError(f"the host key cannot be made: {path}: {error.strerror}; {hint}") from None
