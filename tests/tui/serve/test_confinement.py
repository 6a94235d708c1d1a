"""What the process of a session may not do, tried in a process that is bounded as one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("sessions are served from Linux", allow_module_level=True)

pytestmark = pytest.mark.serve

TRIED = """
import errno, json, os, sys
from gradwalk.tui.serve.confinement import confine, make_room
from gradwalk.tui.serve.session_request import Bounds
folder = sys.argv[1]
niceness = os.nice(0)
confine(Bounds(memory=32 * 2**20, processor=60, files=20, nice=3), os.getppid())
found = {"nice": os.nice(0) - niceness}

def tried(name, act):
    try:
        act()
        found[name] = "done"
    except MemoryError:
        found[name] = "MemoryError"
    except OSError as error:
        found[name] = errno.errorcode[error.errno]

def write():
    with open(os.path.join(folder, "new"), "wb") as file:
        file.write(b"a")

def append():
    with open(os.path.join(folder, "old"), "ab") as file:
        file.write(b"a")

def open_many():
    files = [os.open(os.devnull, os.O_RDONLY) for _ in range(30)]

tried("much", lambda: bytearray(64 * 2**20))
tried("little", lambda: bytearray(4 * 2**20))
tried("more after room was made", lambda: [make_room(), bytearray(40 * 2**20)])
tried("write", write)
tried("append", append)
tried("open many", open_many)
print(json.dumps(found))
"""


def test_memory_files_and_descriptors_are_bounded_for_good(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("kept")
    command = [sys.executable, "-c", TRIED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == {
        "nice": 3,
        "much": "MemoryError",
        "little": "done",
        "more after room was made": "done",
        "write": "EFBIG",
        "append": "EFBIG",
        "open many": "EMFILE",
    }
    assert (tmp_path / "old").read_text() == "kept"
