"""`SharedCodes`: the one-time codes of the servers of a lecture, each of which is good at all of them.

In Redis there is a key for each code that is valid, named by its digest, and whoever deletes it has used the code.
"""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis
from redis.exceptions import RedisError

from .bus import Code
from .redis_client import PATIENCE

KEPT = 60.0
"""Seconds for which a code is good at other servers when its own is silent."""


class SharedCodes:
    """Offers a server's code to the others, and uses up those of others."""

    def __init__(self, redis: Redis, channel: str, code: Code) -> None:
        self._redis = redis
        self._channel = channel
        self._code = code
        self._offered = ""

    async def offer(self, server: str) -> None:
        """Keep the code known. Where it is known no longer it was used, or is lost, and there is another one."""
        if self._offered == self._code.digest and not await self._set(server, only_known=True):
            self._offered = ""
            self._code.renew()
        if self._offered != self._code.digest:
            await self.withdraw()
            await self._set(server)
            self._offered = self._code.digest

    async def withdraw(self) -> None:
        """Have the code that was offered be good nowhere else."""
        offered, self._offered = self._offered, ""
        if offered:
            await self._delete(offered)

    async def claim(self, digest: str) -> bool | None:
        """Use up a code; return whether there was one by this digest, None where that cannot be known."""
        if digest == self._code.digest != self._offered:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._delete(digest) == 1
        except (RedisError, OSError, TimeoutError):
            return None

    async def _set(self, server: str, *, only_known: bool = False) -> bool:
        key = self._key(self._code.digest)
        return bool(await self._redis.set(key, server, px=int(KEPT * 1000), xx=only_known))

    async def _delete(self, digest: str) -> int:
        return int(await self._redis.delete(self._key(digest)))

    def _key(self, digest: str) -> str:
        return f"{self._channel}:code:{digest}"
