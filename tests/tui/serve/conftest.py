"""Rooms are served on Linux: elsewhere processes have no packets between them."""

from __future__ import annotations

import sys

collect_ignore_glob = [] if sys.platform == "linux" else ["test_*.py"]
