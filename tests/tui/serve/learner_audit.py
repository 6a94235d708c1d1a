"""Every key and every command, as a learner of a served room: `python -m tests.tui.serve.learner_audit DIR`.

DIR is offered to them. Python tells of each file that is opened and each
process that is started (https://docs.python.org/3/library/audit_events.html); it prints, as JSON, what it was told
while keys were pressed and lines were typed, and after which of them.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

WATCHED = (
    "open", "os.", "shutil.", "tempfile.", "subprocess.", "pty.", "socket.connect", "socket.bind", "socket.sendto",
    "sqlite3.connect", "webbrowser.", "urllib.", "http.", "ftplib.", "smtplib.", "ctypes.dlopen", "marshal.load",
    "pickle.",
)  # fmt: skip
HARMLESS = ("os.putenv", "os.unsetenv")
"""They change the process's own variables."""

OFFERED = ("cube", "fit", "two")
"""What DIR offers."""

NASTY = ("/etc/passwd", "../../secret.toml", "__import__('os').system('id')")
"""What is typed wherever something can be typed."""

PLACES = {
    "guest": ("library", "fabc", "xor", "course", "drill", "hunt"),
    "follower": ("cube",),
    "presenter": ("fit", "two"),
}
"""Where each of them presses every key; who may do what is decided in one place for all three."""

told: list[dict[str, str]] = []
doing = ["starting"]
is_watching = False


def heard(event: str, arguments: tuple[Any, ...]) -> None:
    if not is_watching or not event.startswith(WATCHED) or event in HARMLESS:
        return
    if event == "open" and isinstance(arguments[0], int):  # a descriptor that is open already
        return
    writes = ""
    if event == "open":
        mode, flags = arguments[1], arguments[2] or 0
        if (mode and set(mode) & set("wax+")) or flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
            writes = "writes"
    told.append({"event": event, "what": str(arguments[0]) if arguments else "", "writes": writes, "after": doing[-1]})


async def settled(app: Any) -> None:
    """Wait until the screen has taken what it was sent; one that goes away meanwhile does not answer."""
    for _ in range(3):
        done = asyncio.Event()
        async with asyncio.timeout(30):
            while not done.is_set():
                app.screen.call_next(done.set)
                with suppress(TimeoutError):
                    await asyncio.wait_for(done.wait(), 1)
        await asyncio.sleep(0)


async def press(app: Any, key: str, character: str | None = None) -> None:
    from textual import events

    (app.focused or app.screen).post_message(events.Key(key, character))
    await settled(app)


async def typed(app: Any, text: str) -> None:
    """Paste a text where one is asked for, and send it off."""
    from textual import events

    (app.focused or app.screen).post_message(events.Paste(text))
    await settled(app)
    await press(app, "enter")


async def keys_of(app: Any, name: str, start: Callable[[], Any]) -> int:
    """Press each key of a place, one after the other; type what is nasty where a line is asked for."""
    count = 0

    async def begun() -> None:
        while app.screen.is_modal:
            app.pop_screen()
        start()
        await settled(app)

    await begun()
    keys = sorted(
        key
        for key, bound in app.screen.active_bindings.items()
        if bound.enabled and not any(word in bound.binding.action for word in ("quit", "suspend"))
    )
    place = app.screen
    for key in keys:
        if app.screen is not place:
            await begun()
            place = app.screen
        doing.append(f"{name} > {key}")
        before, bound = app.screen, app.screen.active_bindings.get(key)
        if bound is None:
            continue
        await app.run_action(bound.binding.action, bound.node)
        await settled(app)
        count += 1
        if app.screen is not before or app.focused is not None:
            for text in NASTY:
                await typed(app, text)
            await press(app, "escape")
    return count


async def palette(app: Any, start: Callable[[], Any]) -> int:
    """Run each command of the palette."""
    start()
    await settled(app)
    commands = app.get_system_commands(app.screen)
    titles = [command.title for command in commands if not command.help.startswith("key ")]  # keys are pressed anyway
    place = app.screen
    for title in titles:
        while app.screen.is_modal:
            app.pop_screen()
        if app.screen is not place:
            start()
            await settled(app)
            place = app.screen
        command = next((each for each in app.get_system_commands(app.screen) if each.title == title), None)
        if command is None or title == "Leave gradwalk":
            continue
        doing.append(f"palette > {title}")
        result = command.callback()
        if asyncio.iscoroutine(result):
            await result
        await settled(app)
        if app.focused is not None:
            for text in NASTY:
                await typed(app, text)
    return len(titles)


def dialogues(session: Any) -> int:
    """Type each command of each dialogue without a screen, alone and with something nasty after it."""
    from gradwalk.tui.plain import course, library, training, walk
    from gradwalk.tui.plain.library import LibraryDialogue

    count = 0
    for first in ("", "fabc", "xor", *OFFERED):
        words = sorted({word for module in (library, course, training, walk) for word in words_of(module)})
        for word in words:
            if word in ("quit", "q", "exit"):
                continue
            dialogue = LibraryDialogue(session, session.offered)
            dialogue.opening()
            for line in (first, word, *(f"{word} {text}" for text in NASTY[:4])):
                doing.append(f"plain {first} > {line[:40]}")
                if not dialogue.over:
                    dialogue.respond(line)
            count += 1
    return count


def words_of(module: Any) -> list[str]:
    from gradwalk.tui.plain.commands import Command

    found: list[str] = []
    for value in vars(module).values():
        if isinstance(value, tuple):
            found += [each.word for each in value if isinstance(each, Command)]
    return found


async def tried(role: str, offered: str, counts: dict[str, int]) -> None:
    """Press the keys of the places of a role; as a guest, run the commands of the palette too."""
    from gradwalk.tui.app import GradwalkApp
    from gradwalk.tui.session import Role, Session

    app = GradwalkApp(None, Session(Role(role), scenarios=offered))
    async with app.run_test(size=(80, 24), notifications=True):
        cards = {card.name: card for card in app.places.cards()}

        def library() -> None:
            app.places.leave_all()
            app.places._go_to(app.places.library())

        places: dict[str, Callable[[], Any]] = {
            "library": library,
            **{name: partial(app.open_scenario, cards[name]) for name in ("fabc", "xor", *OFFERED)},
            "course": app.places.open_course,
            "drill": app.begin_drill,
            "hunt": app.begin_hunt,
        }
        for name in PLACES[role]:
            counts[f"{role} {name}"] = await keys_of(app, name, places[name])
        if role == "guest":
            counts["palette of a walk"] = await palette(app, places["fabc"])
        while app.screen.is_modal:
            app.pop_screen()


def main(offered: str) -> None:
    global is_watching
    from gradwalk.tui.session import Role, Session

    sys.addaudithook(heard)
    is_watching = True
    counts: dict[str, int] = {}
    for role in PLACES:
        asyncio.run(tried(role, offered, counts))
    counts["plain"] = dialogues(Session(Role.GUEST, scenarios=offered))
    is_watching = False
    print(json.dumps({"told": told, "counts": counts}))


if __name__ == "__main__":
    from gradwalk.tui.serve.warming import warm

    sys.dont_write_bytecode = True
    warm()
    main(sys.argv[1])
    sys.stdout.flush()
    os._exit(0)
