"""`RedisBus`: the bus of a lecture over Redis. Loads redis-py, so it is loaded late.

What is new is published on one channel, to which every server of the lecture listens; the latest that is known of the
presenter is also kept under a key, for servers that come later. Where Redis cannot be reached the servers go on each by
itself, and it is tried again, ever less often, until it can.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, cast

from redis.asyncio.client import PubSub
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as SilentError

from ..lecture.messages import MessageError
from .bus import (
    BEAT,
    MOST_BUS_BYTES,
    SILENT,
    BusError,
    BusMessage,
    BusUser,
    Code,
    Joined,
    Led,
    Parted,
    from_the_bus,
    on_the_bus,
)
from .lecture import KEPT
from .redis_client import PATIENCE, client, place, why_unusable
from .redis_codes import SharedCodes

PROTOCOL = 1
"""Stands in the names of channel and key, so that servers that would not understand each other do not meet."""

SECONDS_BETWEEN = 0.1
"""Seconds between two tellings of who attends, at the least."""

FIRST_DELAY, LONGEST_DELAY = 0.1, 5.0
"""Seconds until a connection is tried again: at first, and after it has failed often."""

_KEPT_AGAIN = 300.0
_ORDER = 64
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_.-]{0,38}[a-z0-9])?")

_KEEP = """
local order, sent = ARGV[1], ARGV[2]
local kept = redis.call('GETRANGE', KEYS[1], 0, #order - 1)
if kept > order and ARGV[4] == '' then
    return redis.call('GETRANGE', KEYS[1], #order, #order + tonumber(ARGV[5]))
end
redis.call('SET', KEYS[1], order .. sent, 'PX', ARGV[3])
if kept ~= order then redis.call('PUBLISH', ARGV[6], sent) end
return ''
"""
"""Keeps and publishes what is known of the presenter, unless something newer is kept: that is returned then.

Arguments: its order and the message, milliseconds for which it is kept, whether it is kept in any case, the size of the
largest message, the channel.
"""


class RedisBus:
    """Carries a lecture over Redis. Another server with the same name and the same Redis holds the same lecture."""

    def __init__(self, url: str, name: str) -> None:
        """Take `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS, and the lecture's name.

        Nothing is connected yet. Raises BusError where the address or the name is none.
        """
        if not _NAME.fullmatch(name):
            raise BusError("a lecture has a name of small letters, digits, hyphens, dots and underscores, at most 40")
        self._redis = client(url)
        self.place = place(url)
        """Where the bus is, without user and password."""
        self._channel = f"gradwalk:{PROTOCOL}:lecture:{name}"
        self._key = f"{self._channel}:led"
        self._user: BusUser | None = None
        self._running: asyncio.Task[None] | None = None
        self._due = asyncio.Event()
        self._led_is_due = self._attended_is_due = self._code_is_due = False
        self._codes: SharedCodes | None = None
        self._reaches = False
        self._is_closing = False

    def open(self, user: BusUser) -> None:
        """Connect, and stay connected, on the event loop that runs."""
        self._user = user
        self._running = asyncio.get_running_loop().create_task(self._run(user), name="bus")

    def tell_led(self) -> None:
        """Keep and publish soon what the user knows of the presenter."""
        self._led_is_due = True
        self._due.set()

    def tell_attended(self) -> None:
        """Publish soon who attends here, at most every `SECONDS_BETWEEN` seconds."""
        self._attended_is_due = True
        self._due.set()

    def share(self, code: Code) -> None:
        """Have this server's code be good at the others, and theirs at this one, as long as Redis is there."""
        self._codes = SharedCodes(self._redis, self._channel, code)
        code.elsewhere, code.renewed = self._claim, self._on_renewed

    async def _claim(self, digest: str) -> bool | None:
        return await self._codes.claim(digest) if self._reaches and self._codes is not None else None

    def _on_renewed(self) -> None:
        self._code_is_due = True
        self._due.set()

    async def close(self) -> None:
        """Say what is still to be said, take leave and disconnect; it takes `PATIENCE` seconds at most."""
        self._is_closing = True
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running], timeout=PATIENCE)
        if self._user is not None and self._reaches:
            with suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    await self._disconnect()  # an answer may be on its way that nobody waits for any more
                    if self._led_is_due:
                        await self._keep(self._user)
                    if self._codes is not None:
                        await self._codes.withdraw()
                    await self._publish(Parted(self._user.server))
        await self._disconnect()

    # ---- staying connected

    async def _run(self, user: BusUser) -> None:
        """Be connected as long as that lasts, and then again."""
        loop = asyncio.get_running_loop()
        lost, delay, is_said = loop.time() - PATIENCE, FIRST_DELAY, False
        while not self._is_closing:  # a task group that fails while it is cancelled tells of the failure only
            began = loop.time()
            why = await self._converse_until_lost(user)
            if self._reaches:
                self._reaches, is_said, lost = False, False, loop.time()
                delay = FIRST_DELAY if lost - began > LONGEST_DELAY else delay
            if not is_said and loop.time() - lost >= PATIENCE:
                is_said = True
                user.reached(False, f"{self.place}: {why}")
            await self._disconnect()
            await asyncio.sleep(delay * random.uniform(0.5, 1))
            delay = min(2 * delay, LONGEST_DELAY)

    async def _converse_until_lost(self, user: BusUser) -> str:
        """Return why the connection was lost, or never made."""
        try:
            await self._converse(user)
        except ExceptionGroup as errors:
            return why_unusable(errors.exceptions[0])
        except Exception as error:  # whatever it is, the lecture goes on here, and the journal says it
            return why_unusable(error)
        return "it has closed the connection"

    async def _converse(self, user: BusUser) -> None:
        """Listen and tell, until the connection is lost."""
        async with self._redis.pubsub() as channel:
            await channel.subscribe(self._channel)
            await self._next(channel, PATIENCE)
            await self._keep(user)
            await self._publish(Joined(user.server))
            if self._codes is not None:
                await self._codes.offer(user.server)
            if self._is_closing:
                return
            self._reaches = self._attended_is_due = True
            user.reached(True, "")
            async with asyncio.TaskGroup() as both:
                both.create_task(self._listen(user, channel))
                both.create_task(self._talk(user))

    async def _disconnect(self) -> None:
        with suppress(RedisError, OSError, TimeoutError):
            await self._redis.aclose()

    # ---- listening

    async def _listen(self, user: BusUser, channel: PubSub) -> None:
        """Hear what is published; this server's own messages come too, so that silence says that nothing comes."""
        while not _is_cancelled():
            sent = await self._next(channel, SILENT)
            if isinstance(sent, bytes):
                message = self._read(user, sent)
                if message is not None:
                    user.heard(message)

    async def _next(self, channel: PubSub, seconds: float) -> object:
        """Return what is published next, or a number for a subscription; raise where nothing comes for so long."""
        message = cast("dict[str, object] | None", await channel.get_message(timeout=seconds))
        if message is None:
            raise SilentError
        return message["data"]

    def _read(self, user: BusUser, sent: bytes) -> BusMessage | None:
        try:
            return from_the_bus(sent)
        except MessageError as error:
            user.misheard(str(error))
            return None

    # ---- talking

    async def _talk(self, user: BusUser) -> None:
        """Tell what is due, and at every beat that this server is there."""
        loop = asyncio.get_running_loop()
        told = kept = loop.time() - BEAT
        beat = loop.time()
        while not _is_cancelled():
            with suppress(TimeoutError):
                async with asyncio.timeout_at(min(beat, told + SECONDS_BETWEEN) if self._attended_is_due else beat):
                    await self._due.wait()
            self._due.clear()
            is_beat = loop.time() >= beat
            led = user.led()
            is_leading = led is not None and led.present and led.server == user.server
            if self._led_is_due or (is_leading and loop.time() - kept >= _KEPT_AGAIN):
                self._led_is_due, kept = False, loop.time()
                await self._keep(user)
            if self._codes is not None and (self._code_is_due or is_beat):
                self._code_is_due = False
                await self._codes.offer(user.server)
            if is_beat or (self._attended_is_due and loop.time() >= told + SECONDS_BETWEEN):
                self._attended_is_due, told = False, loop.time()
                beat = told + BEAT
                await self._publish(user.attended())

    async def _publish(self, message: BusMessage) -> None:
        await cast("Awaitable[object]", self._redis.publish(self._channel, on_the_bus(message)))

    async def _keep(self, user: BusUser) -> None:
        """Publish and keep what is known of the presenter here, or learn what is newer there."""
        led = user.led()
        if led is None:
            kept = await cast("Awaitable[bytes]", self._redis.getrange(self._key, _ORDER, _ORDER + MOST_BUS_BYTES))
            self._find(user, kept)
            return
        newer = await self._keep_unless_older(led)
        if newer and not self._find(user, newer):
            await self._keep_unless_older(led, always=True)

    async def _keep_unless_older(self, led: Led, *, always: bool = False) -> bytes:
        """Keep and publish it; where something newer is kept, return that instead, unless it is kept in any case."""
        how = (int(KEPT * 1000), "always" if always else "", MOST_BUS_BYTES, self._channel)
        arguments = cast("tuple[Any, ...]", (led.order, on_the_bus(led), *how))
        return await cast("Awaitable[bytes]", self._redis.eval(_KEEP, 1, self._key, *arguments))

    def _find(self, user: BusUser, kept: bytes) -> bool:
        """Have the user know of what is kept; return whether it is something that it took."""
        message = self._read(user, kept) if kept else None
        if not isinstance(message, Led):
            return False
        user.found(message)
        return user.led() == message


def _is_cancelled() -> bool:
    """Whether the task that runs was cancelled: redis-py sends by `wait_for`, which Python 3.11 lets forget that."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
