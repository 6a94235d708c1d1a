"""What `gradwalk serve` says before it serves anybody."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from gradwalk.engine.errors import GradwalkError
from gradwalk.tui.cli import main
from gradwalk.tui.commands.serve import address_of

KEY = """\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
"""
"""The Ed25519 key of RFC 8410, section 10.3."""


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "say who may come in: --authorized-keys FILE"),
        (["--open", "--authorized-keys", "keys"], "choose one of them"),
        (["--open", "--bus", "redis://127.0.0.1"], "--bus is for a lecture: add --lecture"),
        (["--open", "--presenter-keys", "keys"], "--presenter-keys is for a lecture: add --lecture"),
        (["--open", "--proxy-from", "10.0.0.1"], "add --proxy-protocol"),
        (["--open", "--proxy-protocol", "--proxy-from", "ten"], '"ten" is no address'),
        (["--open", "--idle-time", "soon"], "'soon' is no time"),
        (["--open", "--session-memory", "-1"], "'-1' is no size"),
        (["--open", "--login-grace", "0"], "--login-grace is too little to be of use: at least 1s"),
        (["--open", "--session-memory", "1M"], "--session-memory is too little to be of use: at least 32M"),
        (["--open", "--max-sessions", "0"], "--max-sessions is too little to be of use: at least 1"),
        (["--open", "--scenarios", "nowhere"], "nowhere"),
    ],
)
def test_options_that_make_no_sense_are_refused_in_words(options: list[str], said: str) -> None:
    result = CliRunner().invoke(main, ["serve", *options])
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("8022", ("127.0.0.1", 8022)),
        ("0.0.0.0:22", ("0.0.0.0", 22)),
        ("[::]:8022", ("::", 8022)),
        ("room.example.org:8022", ("room.example.org", 8022)),
    ],
)
def test_an_address_is_a_port_or_has_one(text: str, address: tuple[str, int]) -> None:
    assert address_of(text, "127.0.0.1") == address


@pytest.mark.parametrize("text", ["", "host", "host:", ":22", "::1:22", "host:65536", "host:22:33", "8022x", "-1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(GradwalkError, match=r"is no \[HOST:\]PORT"):
        address_of(text, "127.0.0.1")


@pytest.mark.parametrize(("missing", "option"), [("asyncssh", []), ("redis", ["--lecture", "--bus", "redis://h"])])
def test_without_a_library_it_says_which_line_installs_it(
    missing: str, option: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else found(name))
    result = CliRunner().invoke(main, ["serve", "--open", *option])
    assert result.exit_code == 2
    assert f"needs {missing}, which is installed by: pip install 'gradwalk[serve]'" in result.output


def test_a_system_without_packets_cannot_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError("Protocol not supported")  # as macOS says

    monkeypatch.setattr(socket, "socketpair", none)
    result = CliRunner().invoke(main, ["serve", "--open"])
    assert result.exit_code == 2
    assert "gradwalk serve needs Linux" in result.output


def test_a_guest_cannot_serve() -> None:
    result = CliRunner().invoke(main, ["--guest", "serve", "--open"])
    assert result.exit_code == 2
    assert "a guest can read and write no files here" in result.output


@pytest.mark.serve
@pytest.mark.parametrize(
    ("made", "options", "said"),
    [
        ("", ["--authorized-keys", "{file}.none"], "the keys cannot be read"),
        ("no key", ["--open", "--host-key", "{file}"], "is no private key that SSH could use"),
        (KEY, ["--open", "--host-key", "{file}", "--host-key", "{file}"], "two host keys are of one kind"),
        ("", ["--open", "--health", "203.0.113.1:1"], "for --health"),
    ],
    ids=["keys", "host key", "host keys", "health"],
)
def test_what_cannot_be_read_is_said_and_nothing_is_left(
    tmp_path: Path, made: str, options: list[str], said: str
) -> None:
    pytest.importorskip("asyncssh", reason="asyncssh is not installed")
    file = tmp_path / "file"
    file.write_text(made)
    file.chmod(0o600)
    command = [sys.executable, "-m", "gradwalk", "serve", "0", *(each.format(file=file) for each in options)]
    environment = {"PATH": "/usr/bin:/bin", "XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    result = subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.serve
def test_a_host_key_that_others_could_read_is_refused(tmp_path: Path) -> None:
    asyncssh = pytest.importorskip("asyncssh", reason="asyncssh is not installed")
    from gradwalk.tui.serve.host_key import host_key

    path = tmp_path / "key"
    path.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_private_key())
    path.chmod(0o644)
    with pytest.raises(GradwalkError, match="others could read the host key"):
        host_key(path)
    path.chmod(0o600)
    assert host_key(path).get_algorithm() == "ssh-ed25519"
