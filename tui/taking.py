"""A text to take away: to the clipboard, or to a file."""

from __future__ import annotations

from ..engine.errors import GradwalkError
from .bindings import active_keys
from .messages import CopyWanted, SaveWanted
from .themed_app import ThemedApp


def copy(app: ThemedApp, wanted: CopyWanted) -> None:
    """Send a text to the clipboard, as far as the terminal takes it (OSC 52, so it works over SSH)."""
    from .words.terminal import copied_words

    keys = active_keys(app.screen)
    save = next((bound.shown for name, bound in keys.items() if name.endswith(".save")), "")
    app.copy_to_clipboard(wanted.text)
    save = save if app.session.may_use_files else ""
    app.notify(copied_words(wanted.what, app.session.terminal, save), timeout=4, markup=False)


def save(app: ThemedApp, wanted: SaveWanted) -> None:
    """Save a text to a file, and say where."""
    from .saving import save_text

    try:
        app.session.need_files(f"saving {wanted.what}")
        app.notify(f"Saved as {save_text(wanted.name, wanted.text)}.", timeout=6, markup=False)
    except GradwalkError as error:
        app.warn(str(error))
