"""What gradwalk remembers between runs: the theme, and the keys a user has changed."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import platformdirs

from .themes import THEMES


class Settings(msgspec.Struct, forbid_unknown_fields=True):
    """The content of `settings.json` in the user's configuration folder.

    `theme` is one of `themes.THEMES`; `keys` maps the id of a key binding (the `?` screen names them) to
    keys, such as `{"walk.forward": "right,n"}`.
    """

    theme: str = "dark"
    keys: dict[str, str] = msgspec.field(default_factory=dict[str, str])


def settings_path() -> Path:
    """Return where the settings are kept."""
    return platformdirs.user_config_path("gradwalk") / "settings.json"


def load_settings() -> tuple[Settings, list[str]]:
    """Read the settings; a file that cannot be read gives the defaults and sentences that say so."""
    path = settings_path()
    try:
        settings = msgspec.json.decode(path.read_bytes(), type=Settings)
    except FileNotFoundError:
        return Settings(), []
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        return Settings(), [f"{path} is ignored: {error}"]
    if settings.theme not in THEMES:
        problem = f'{path}: there is no theme "{settings.theme}"; themes are {", ".join(THEMES)}'
        settings.theme = Settings().theme
        return settings, [problem]
    return settings, []


def save_settings(settings: Settings) -> str:
    """Write the settings; return a sentence that says why, where that fails (a read-only home, say).

    A file that cannot be read is left for its owner to mend: it may hold keys.
    """
    path = settings_path()
    try:
        if path.exists():
            msgspec.json.decode(path.read_bytes(), type=Settings)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.{os.getpid()}")
        new.write_bytes(msgspec.json.format(msgspec.json.encode(settings)) + b"\n")
        new.replace(path)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        return f"the theme cannot be remembered: {path}: {error}"
    return ""
