"""A lecture in one process: a presenter's app, followers' apps, and between them what stands for the server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from gradwalk.engine.scenario import Scenario
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.lecture.messages import (
    Follows,
    Leads,
    Show,
    Showing,
    Shown,
    ToServer,
    ToSession,
    encoded,
    to_server,
)
from gradwalk.tui.session import Role, Session
from textual.pilot import Pilot

from ..training import until


class End:
    """The server's end of one session's link: all that the session has told."""

    def __init__(self, link: socket.socket) -> None:
        self.heard: list[ToServer] = []
        self.changed: Callable[[ToServer], None] = lambda message: None
        self._link = link
        link.setblocking(False)
        asyncio.get_running_loop().add_reader(link, self._on_readable)

    def tell(self, message: ToSession) -> None:
        """Send a message to the session."""
        self._link.send(encoded(message))

    def send(self, packet: bytes) -> None:
        """Send whatever it is."""
        self._link.send(packet)

    def close(self) -> None:
        """Be gone."""
        if self._link.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._link)
            self._link.close()

    @property
    def shown(self) -> Shown | None:
        """What a presenter has shown last."""
        shown = [message.shown for message in self.heard if isinstance(message, Showing)]
        return shown[-1] if shown else None

    @property
    def follows(self) -> bool | None:
        """What a learner has said last of whether they follow."""
        said = [message.follows for message in self.heard if isinstance(message, Follows)]
        return said[-1] if said else None

    def _on_readable(self) -> None:
        try:
            sent = self._link.recv(70_000)
        except OSError:
            sent = b""
        if not sent:
            self.close()
            return
        self.heard.append(to_server(sent))
        self.changed(self.heard[-1])


class Room:
    """The apps of a lecture; what the presenter shows goes to every follower at once."""

    def __init__(self, stack: AsyncExitStack, scenarios: str = "") -> None:
        self._stack = stack
        self._scenarios = scenarios
        self._number = 0
        self._latest: Shown | None = None
        self._followers: list[End] = []
        self.presenter: End | None = None

    async def present(self, what: str | Scenario | None = "fabc", size: tuple[int, int] = (80, 24)) -> Pilot[None]:
        """Have somebody present."""
        pilot, self.presenter = await self._join(Role.PRESENTER, what, size)
        self.presenter.changed = self._pass_on
        for end in (self.presenter, *self._followers):
            end.tell(Leads(True))
        if self._latest is not None:
            self.presenter.tell(Show(self._latest))
        await settled(pilot)
        return pilot

    async def follow(
        self, what: str | Scenario | None = None, size: tuple[int, int] = (80, 24)
    ) -> tuple[Pilot[None], End]:
        """Have somebody come who follows."""
        pilot, end = await self._join(Role.FOLLOWER, what, size)
        self._followers.append(end)
        end.tell(Leads(self.presenter is not None))
        if self._latest is not None:
            end.tell(Show(self._latest))
            await settled(pilot)
        return pilot, end

    def leave(self) -> None:
        """Have the presenter gone."""
        assert self.presenter is not None
        self.presenter.close()
        self.presenter = None
        for end in self._followers:
            end.tell(Leads(False))

    async def _join(self, role: Role, what: str | Scenario | None, size: tuple[int, int]) -> tuple[Pilot[None], End]:
        pilot, end = await self._stack.enter_async_context(joined(role, what, size, self._scenarios))
        self._stack.callback(end.close)
        return pilot, end

    def _pass_on(self, message: ToServer) -> None:
        if isinstance(message, Showing):
            self._number += 1
            self._latest = Shown(**{**{name: getattr(message.shown, name) for name in message.shown.__struct_fields__},
                                    "number": self._number})  # fmt: skip
            for end in self._followers:
                end.tell(Show(self._latest))


@asynccontextmanager
async def joined(
    role: Role, what: str | Scenario | None = None, size: tuple[int, int] = (80, 24), scenarios: str = ""
) -> AsyncIterator[tuple[Pilot[None], End]]:
    """Run the app of somebody who was let into a room, and have the server's end of their link."""
    server, link = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    end = End(server)
    session = Session(role, link=link, scenarios=scenarios)
    app = GradwalkApp(session.load(what) if isinstance(what, str) else what, session, shelf=session.offered)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield pilot, end
    end.close()


@asynccontextmanager
async def room(scenarios: str = "") -> AsyncIterator[Room]:
    """Open a room, which offers the `scenarios` of a folder."""
    async with AsyncExitStack() as stack:
        yield Room(stack, scenarios)


async def settled(pilot: Pilot[None]) -> None:
    """Let the app do what it was told, what is opened in the background too."""
    for _ in range(3):
        await pilot.pause()
    following = getattr(getattr(pilot.app, "attending", None), "_following", None)
    if following is not None:
        await until(pilot, lambda: following._work is None)
    await pilot.pause()
    await pilot.pause()
