"""What a learner has practised is there when they come again, and nobody else's is."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

if not sys.platform.startswith("linux"):
    pytest.skip("sessions are served from Linux", allow_module_level=True)
pytest.importorskip("psycopg", reason="the extra serve is not installed")
pytest.importorskip("psutil")

from gradwalk.tui.serve.fork_server import ForkServer
from gradwalk.tui.serve.progress_keeper import ProgressKeeper
from gradwalk.tui.serve.session_request import SessionRequest

from ..pseudo_terminal import wait_until
from .postgres_server import INITDB, PostgresServer
from .served import XTERM, Served, session

pytestmark = [
    pytest.mark.serve,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(not INITDB, reason="PostgreSQL's server is needed"),
]

FABC = SessionRequest(scenario="fabc", environment=XTERM)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fork_server() -> AsyncIterator[ForkServer]:
    server = ForkServer.start()
    await server.ready()
    yield server
    await server.stop()


@pytest.fixture(scope="module")
def database() -> Iterator[PostgresServer]:
    with tempfile.TemporaryDirectory() as folder:
        server = PostgresServer(Path(folder))
        yield server
        server.stop()


async def progress_screen(served: Served) -> str:
    served.press("ctrl+p", "Progress")
    await served.wait_for("What you have practised")
    served.press("enter")
    await served.wait_for(lambda: "skill" in served.text or "Nothing was practised" in served.text)
    return served.text


async def test_who_comes_again_goes_on_where_they_were(fork_server: ForkServer, database: PostgresServer) -> None:
    keeper = ProgressKeeper(database.url(database.new_database()))
    assert await keeper.start()
    try:
        async with session(fork_server, FABC, progress=keeper.door("SHA256:anna")) as served:
            await served.wait_for("q Quit")
            served.press("P", "right", "right")
            await served.wait_for("step 2 of 13")
            await served.wait_for("Shown as an example")
        async with session(fork_server, FABC, progress=keeper.door("SHA256:anna")) as served:
            await served.wait_for("q Quit")
            assert "2 skills: 2 new." in await progress_screen(served)
        async with session(fork_server, FABC, progress=keeper.door("SHA256:ben")) as served:
            await served.wait_for("q Quit")
            assert "Nothing was practised" in await progress_screen(served)
    finally:
        await keeper.close()


async def test_a_database_that_is_gone_is_said_once_and_the_walk_goes_on(
    fork_server: ForkServer, database: PostgresServer
) -> None:
    keeper = ProgressKeeper(database.url(database.new_database()))
    assert await keeper.start()
    try:
        async with session(fork_server, FABC, progress=keeper.door("SHA256:anna")) as served:
            await served.wait_for("q Quit")
            database.freeze()
            served.press("P", "right")
            await served.wait_for("progress is not remembered")
            served.press("right")
            await served.wait_for("step 2 of 13")
            database.thaw()
            async with asyncio.timeout(30):
                await asyncio.to_thread(wait_until, lambda: keeper.is_there)
            served.press("right", "right", "right")
            await served.wait_for("progress is remembered again")
            assert b"gradwalk@" not in served.output
    finally:
        database.thaw()
        await keeper.close()
