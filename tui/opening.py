"""Opening the app: on a scenario, on a shelf of one's own, or on what is built in."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..engine.errors import GradwalkError

if TYPE_CHECKING:
    from ..engine.scenario import Scenario
    from ..engine.shelf import Shelf
    from ..engine.study.course import Course
    from .app import GradwalkApp
    from .places import FirstScreen
    from .session import Session
    from .start import Start

_THREADS = 4
"""So many threads the app needs beside the first: for keys, for output, for the end of the terminal, and for work."""


def open_places(
    places: Sequence[str],
    session: Session,
    *,
    step: str = "",
    view: str = "",
    panel: str = "",
    digits: int = 0,
    theme: str = "",
    predict: str = "",
    level: str = "",
    as_arrays: str = "",
    plain: bool = False,
    spoken: bool = False,
) -> int:
    """Open a scenario, or the library of those that `places` name, or of those built in; return the exit status.

    `plain` opens it without a screen, and `spoken` so that it can be listened to; where no screen can be opened, it is
    plain by itself. Raises GradwalkError for what cannot be opened so, before anything is drawn.
    """
    from ..engine.library import built_in_names
    from ..engine.shelf import Shelf, is_list

    if len(places) == 1 and session.is_course(places[0]):
        return open_course(session.load_course(places[0]), session, theme=theme, plain=plain, spoken=spoken)
    if not session.may_use_files:
        for place in places:
            if place not in built_in_names():
                session.load(place)  # says what a guest may open, and nothing of what lies there
    listed = len(places) != 1 or (session.may_use_files and is_list(places))
    if step and listed:
        raise GradwalkError("--step is a step of one scenario, and this opens a list of them")
    if as_arrays and listed:
        raise GradwalkError("--arrays is for the walk of one scenario, and this opens a list of them")
    if not listed:
        scenario = session.load(places[0])
        look = {"view": view, "panel": panel, "theme": theme, "predict": predict, "level": level}
        look["as_arrays"] = as_arrays
        return open_scenario(scenario, session, step=step, digits=digits, plain=plain, spoken=spoken, **look)
    shelf: Shelf | None = session.offered
    if places:
        shelf = Shelf(places)
        shelf.listing()
    start, colours = _start(session, step, view, panel, digits, predict, level), _theme(theme)
    if is_plain(session, plain=plain, spoken=spoken):
        from .plain.conversation import converse
        from .plain.library import LibraryDialogue

        _attend_plainly(session)
        return converse(LibraryDialogue(session, shelf, digits=digits, spoken=spoken), spoken=spoken)
    return open_app(None, session, start=start, shelf=shelf, theme=colours)


def asked_over_ssh(session: Session, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the scenario that a guest has named to OpenSSH in place of a command: `ssh -t demo@host fabc`.

    Nothing for the library. Raises GradwalkError, which says what can be asked for, where it is anything else.
    """
    asked = environment.get("SSH_ORIGINAL_COMMAND", "").strip()
    if not asked or session.may_use_files:
        return ()
    from ..engine.library import built_in_names

    if asked not in built_in_names():
        from .words.terminal import no_command_words

        raise GradwalkError(no_command_words(asked, built_in_names()))
    return (asked,)


def open_scenario(
    scenario: Scenario,
    session: Session,
    *,
    step: str = "",
    view: str = "",
    panel: str = "",
    digits: int = 0,
    theme: str = "",
    predict: str = "",
    level: str = "",
    as_arrays: str = "",
    plain: bool = False,
    spoken: bool = False,
) -> int:
    """Open a scenario as `open_places` does."""
    start, colours = _start(session, step, view, panel, digits, predict, level, as_arrays), _theme(theme)
    if is_plain(session, plain=plain, spoken=spoken):
        if as_arrays:
            raise GradwalkError(
                "--arrays needs a screen; without one `gradwalk trace SCENARIO --arrays`, or `gradwalk open "
                "FILE:FUNCTION --trace --arrays`, prints every step"
            )
        from .plain.conversation import converse
        from .plain.library import dialogue_of

        _attend_plainly(session)
        choice = start.predict if start is not None else ""
        dialogue = dialogue_of(scenario, session, step=step, digits=digits, spoken=spoken, predict=choice)
        return converse(dialogue, spoken=spoken)
    return open_app(scenario, session, start=start, theme=colours)


def open_or_print(
    scenario: Scenario, session: Session, *, as_text: bool, as_json: bool, digits: int = 0, **options: Any
) -> int:
    """Print every step of a scenario where that is wanted, else open it as `open_scenario` does."""
    if as_text or as_json:
        from .trace_command import print_trace

        print_trace(scenario, as_json=as_json, digits=digits, as_arrays=bool(options["as_arrays"]))
        return 0
    return open_scenario(scenario, session, digits=digits, **options)


def _attend_plainly(session: Session) -> None:
    """Hear the server that let a session in, where one did."""
    if session.link is not None:
        from .attending.plainly import attend_plainly

        attend_plainly(session, session.link)


def is_plain(session: Session, *, plain: bool = False, spoken: bool = False) -> bool:
    """Say whether no screen is opened: because it is not wanted, or because there is none."""
    if plain or spoken:
        return True
    terminal = session.terminal
    if terminal.ssh and not terminal.ssh_terminal and not terminal.interactive:
        from .words.terminal import no_screen_words

        click.echo(f"gradwalk: {no_screen_words(terminal)}", err=True)
    return not terminal.holds_a_screen


def open_course(course: Course, session: Session, *, theme: str = "", plain: bool = False, spoken: bool = False) -> int:
    """Open the lessons of a course as `open_places` does."""
    if is_plain(session, plain=plain, spoken=spoken):
        from .plain.conversation import converse
        from .plain.course import CourseDialogue
        from .study.course_run import CourseRun

        return converse(CourseDialogue(CourseRun(course, session.progress), spoken=spoken), spoken=spoken)
    return open_app(None, session, course=course, theme=_theme(theme))


def open_first(first: FirstScreen, session: Session, *, theme: str = "") -> int:
    """Open the app with a screen of its own, such as that of a drill, as `open_places` does."""
    return open_app(None, session, first=first, theme=_theme(theme))


def open_app(
    scenario: Scenario | None,
    session: Session,
    *,
    start: Start | None = None,
    shelf: Shelf | None = None,
    course: Course | None = None,
    first: FirstScreen | None = None,
    theme: str = "",
) -> int:
    """Open the app and return its exit status.

    GradwalkError where there is no terminal that it could paint on, or the scenario has no such start.
    """
    app = _prepared_app(scenario, session, start=start, shelf=shelf, course=course, first=first, theme=theme)
    app.run()
    return _ended(app)


async def open_app_async(scenario: Scenario, session: Session, *, start: Start | None = None) -> int:
    """Open the app in the event loop that runs already; otherwise as `open_app`."""
    app = _prepared_app(scenario, session, start=start)
    await app.run_async()
    return _ended(app)


def _prepared_app(scenario: Scenario | None, session: Session, **how: Any) -> GradwalkApp:
    from .words.terminal import no_screen_words

    problem = no_screen_words(session.terminal)
    if problem:
        raise GradwalkError(problem)
    if not session.may_use_files:
        _need_threads()
    if session.terminal.has_all_colours:
        os.environ.setdefault("COLORTERM", "truecolor")
    from .app import GradwalkApp

    app = GradwalkApp(scenario, session, **how)
    app.places.prepare()
    return app


def _need_threads() -> None:
    """Raise GradwalkError where no more threads can be started: an account that many share may have a limit."""
    import threading

    may_end = threading.Event()
    threads = [threading.Thread(target=may_end.wait, daemon=True) for _ in range(_THREADS)]
    started: list[threading.Thread] = []
    try:
        for thread in threads:
            thread.start()
            started.append(thread)
    except RuntimeError:
        from .words.terminal import FULL

        raise GradwalkError(FULL) from None
    finally:
        may_end.set()
        for thread in started:
            thread.join()


def _ended(app: GradwalkApp) -> int:
    if app.places.problem:
        raise GradwalkError(app.places.problem)
    return app.return_code or 0


def _start(
    session: Session,
    step: str,
    view: str,
    panel: str,
    digits: int,
    predict: str,
    level: str,
    as_arrays: str = "",
) -> Start | None:
    if not (step or view or panel or digits or predict or level or as_arrays):
        return None
    from .start import Start

    choice = level.strip().replace("-", " ") or (session.store.load()[0].predict if predict else "")
    start = Start(step.strip(), view, panel, digits, choice, bool(as_arrays))
    start.check()
    return start


def _theme(name: str) -> str:
    if not name:
        return ""
    from .start import theme_named

    return theme_named(name)
