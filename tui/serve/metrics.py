"""What a server counts and measures, in Prometheus's text format. Loads prometheus_client, so it is loaded late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from .events import Connected, Ended, Event, LoggedIn, Painted, Refused

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of what `Metrics.text` returns."""

_PAINT_BUCKETS = (0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0)
_SESSION_BUCKETS = (10.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0)


@dataclass(frozen=True)
class Now:
    """How it stands with a server at this moment.

    `connections` are all that are open, `sessions` those with a program, of which there may be `max_sessions`.
    `followers` walk with the presenter and `alone` have let go, of this server; `presenters` is 1 where one leads.
    `bus` says whether the bus between servers is up, and `progress` whether the database is that keeps progress; None
    where there is none.
    """

    connections: int = 0
    sessions: int = 0
    max_sessions: int = 0
    draining: bool = False
    followers: int = 0
    alone: int = 0
    presenters: int = 0
    bus: bool | None = None
    progress: bool | None = None


class Metrics:
    """Counts the events of a server; what can be looked up is asked of `now`, from the thread that reads metrics."""

    def __init__(self, now: Callable[[], Now]) -> None:
        """Begin at zero."""
        disable_created_metrics()  # when each counter began is when the process did, which is a metric of its own
        self._registry = CollectorRegistry()
        counter, histogram = self._counter, self._histogram
        self._connections = counter("connections", "Connections that clients have made.")
        self._logins = counter("logins", "Clients that were let in, by role.", "role")
        self._refusals = counter("refusals", "What was refused, by reason.", "why")
        self._ends = counter("ends", "Connections that were let in and are over, by reason.", "why")
        self._cpu = counter("session_cpu_seconds", "Processor time of the sessions that are over.")
        self._received = counter("received_bytes", "Bytes of terminals that clients have sent, sessions over.")
        self._sent = counter("sent_bytes", "Bytes of terminals that were sent to clients, sessions over.")
        self._paint = histogram("first_paint_seconds", "From the request to the first output.", _PAINT_BUCKETS)
        self._duration = histogram("connection_seconds", "How long connections lasted.", _SESSION_BUCKETS)
        self._registry.register(_Gauges(now))
        ProcessCollector(registry=self._registry)

    def tell(self, event: Event) -> None:
        """Count an event."""
        match event:
            case Connected():
                self._connections.inc()
            case LoggedIn():
                self._logins.labels(event.role).inc()
            case Refused():
                self._refusals.labels(event.why).inc()
            case Painted():
                self._paint.observe(event.seconds)
            case Ended():
                self._ends.labels(event.why).inc()
                self._duration.observe(event.seconds)
                for metric, amount in (
                    (self._cpu, event.cpu_seconds),
                    (self._received, event.received_bytes),
                    (self._sent, event.sent_bytes),
                ):
                    metric.inc(max(amount, 0))
            case _:
                pass

    def text(self) -> bytes:
        """Return all of it as Prometheus reads it; any thread may ask."""
        return generate_latest(self._registry)

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"gradwalk_{name}", words, labels, registry=self._registry)

    def _histogram(self, name: str, words: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"gradwalk_{name}", words, buckets=buckets, registry=self._registry)


class _Gauges(Collector):
    """What is looked up when it is asked for."""

    def __init__(self, now: Callable[[], Now]) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        now = self._now()
        yield GaugeMetricFamily("gradwalk_open_connections", "Connections that are open.", now.connections)
        yield GaugeMetricFamily("gradwalk_sessions", "Sessions that run.", now.sessions)
        yield GaugeMetricFamily("gradwalk_max_sessions", "Sessions that may run.", now.max_sessions)
        yield GaugeMetricFamily("gradwalk_draining", "1 while nobody is let in any more.", int(now.draining))
        yield GaugeMetricFamily("gradwalk_presenters", "1 where somebody presents.", now.presenters)
        yield GaugeMetricFamily("gradwalk_followers", "Sessions that follow the lecture.", now.followers)
        yield GaugeMetricFamily("gradwalk_walking_alone", "Sessions that have let go of the lecture.", now.alone)
        if now.bus is not None:
            yield GaugeMetricFamily("gradwalk_bus_up", "1 where the bus can be reached.", int(now.bus))
        if now.progress is not None:
            told = "1 where the database of progress can be reached."
            yield GaugeMetricFamily("gradwalk_progress_up", told, int(now.progress))
