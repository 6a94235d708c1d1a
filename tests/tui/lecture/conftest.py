"""A session and its server tell each other things in packets, which processes have on Linux only."""

from __future__ import annotations

import sys
from pathlib import Path

_EVERYWHERE = {"test_messages.py", "test_tally.py"}

collect_ignore = [
    module.name
    for module in Path(__file__).parent.glob("test_*.py")
    if sys.platform != "linux" and module.name not in _EVERYWHERE
]
