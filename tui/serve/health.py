"""Whether a server is well, told to load balancers and monitors over HTTP.

It is answered by threads of their own, so that an answer comes when the server's loop hangs as well. Nobody needs to
log in for it, so it says nothing of anybody, and listens on loopback unless it is told otherwise.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE = 5.0
"""Seconds without a beat after which the loop of the server hangs."""

LASTING = 30.0
"""Seconds after which a fault will not mend itself."""

PULSE = 1.0
"""Seconds from beat to beat."""

MAX_REQUESTS = 16
"""Requests that are answered at once; more are closed unanswered."""

REQUEST_SECONDS = 5.0
"""Seconds that a client has for its request."""


class Health:
    """How a server is; its loop says so, other threads ask."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin well; `clock` is in seconds."""
        self._clock = clock
        self._beaten = clock()
        self._fault = ""
        self._fault_since = 0.0
        self.draining = False
        """Whether nobody is let in any more."""

    def beat(self, fault: str = "") -> None:
        """Say that the loop runs, and what keeps new sessions from being made, if anything."""
        self._beaten = self._clock()
        if fault and not self._fault:
            self._fault_since = self._beaten
        self._fault = fault

    async def keep_beating(self, fault: Callable[[], str]) -> None:
        """Beat until this is cancelled."""
        while True:
            self.beat(fault())
            await asyncio.sleep(PULSE)

    @property
    def alive(self) -> str:
        """Return `ok`, or why the process should be started anew."""
        if self._clock() - self._beaten > PATIENCE:
            return "hangs"
        lasts = self._fault and self._clock() - self._fault_since > LASTING
        return self._fault if lasts else "ok"

    @property
    def ready(self) -> str:
        """Return `ok`, or why newcomers should be sent elsewhere."""
        if self.alive != "ok":
            return self.alive
        return self._fault or ("draining" if self.draining else "ok")


class HealthServer:
    """Answers `/healthz` and `/livez` (200, or 503 and why), and `/metrics`, until it is closed."""

    def __init__(self, host: str, port: int, health: Health, metrics: Callable[[], tuple[str, bytes]]) -> None:
        """Listen; `metrics` returns the type of the content and the content. Raises OSError where it cannot."""
        answers: dict[str, Callable[[], tuple[HTTPStatus, str, bytes]]] = {
            "/healthz": lambda: _word(health.ready),
            "/livez": lambda: _word(health.alive),
            "/metrics": lambda: (HTTPStatus.OK, *metrics()),
        }
        handler = type("_Handler", (_Handler,), {"answers": answers})
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._server = type("_Server", (_Server,), {"address_family": family})((host, port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="health", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens; of interest where 0 was asked for."""
        return self._server.server_address[1]

    def close(self) -> None:
        """Answer nothing any more."""
        self._server.shutdown()
        self._server.server_close()


def _word(word: str) -> tuple[HTTPStatus, str, bytes]:
    status = HTTPStatus.OK if word == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    return status, "text/plain; charset=utf-8", f"{word}\n".encode()


class _Server(ThreadingHTTPServer):
    """A thread a request, but only so many at once."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 2 * MAX_REQUESTS

    def __init__(self, *arguments: Any) -> None:
        self._free = threading.BoundedSemaphore(MAX_REQUESTS)
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away."""


class _Handler(BaseHTTPRequestHandler):
    """One request, one answer."""

    answers: dict[str, Callable[[], tuple[HTTPStatus, str, bytes]]]
    timeout = REQUEST_SECONDS
    server_version = "gradwalk"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer(with_content=True)

    def do_HEAD(self) -> None:
        self._answer(with_content=False)

    def _answer(self, *, with_content: bool) -> None:
        answer = self.answers.get(self.path.partition("?")[0])
        if answer is None:
            self.send_error(HTTPStatus.NOT_FOUND, explain=f"there are {', '.join(self.answers)}")
            return
        status, kind, content = answer()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if with_content:
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep standard error for the journal."""
