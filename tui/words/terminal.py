"""Sentences about the terminal that somebody sits at."""

from __future__ import annotations

from collections.abc import Sequence

from ...engine.errors import did_you_mean
from ..terminal import ClipboardWay, Terminal

_SENT = {
    ClipboardWay.SENT: "{} was sent to the terminal, for its clipboard.",
    ClipboardWay.TMUX: "{} was sent to tmux, which passes it on where `set-clipboard` is on.",
    ClipboardWay.SCREEN: "{} cannot be copied: GNU screen passes nothing on to a clipboard.",
    ClipboardWay.NONE: "{} cannot be copied: this terminal has no clipboard.",
}


def copied_words(what: str, terminal: Terminal, save_key: str) -> str:
    """Say where a text that was copied went: nobody knows whether it arrived.

    `save_key` saves it to a file; empty where no key does.
    """
    words = _SENT[terminal.clipboard].format(what)
    sure = terminal.clipboard is ClipboardWay.SENT
    return words if sure or not save_key else f"{words} {save_key} saves it to a file."


FULL = "the system gives this account no room for one more: too many are here. Try again when somebody has left"


def no_command_words(asked: str, scenarios: Sequence[str]) -> str:
    """Say to a guest who has asked ssh for a command that there is none, and what there is instead."""
    hint = did_you_mean(asked, scenarios, f"there are {', '.join(scenarios)}", likeness=0.7)
    return (
        "no command is run here: `ssh -t USER@HOST` opens gradwalk, and `ssh -t USER@HOST SCENARIO` one of its walks; "
        f"{hint}"
    )


def no_screen_words(terminal: Terminal) -> str:
    """Say why no screen can be opened, and what to do instead; empty where one can."""
    if not terminal.interactive:
        if terminal.ssh and not terminal.ssh_terminal:
            return "this ssh connection has no terminal, so there is no screen: `ssh -t` gives one"
        return "a screen needs a terminal; with --plain there are questions and answers instead"
    if not terminal.places_text:
        return (
            f"the terminal says it is TERM={terminal.kind}, which cannot place text; --plain needs no more than lines"
        )
    return ""
