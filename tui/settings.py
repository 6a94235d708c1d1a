"""What gradwalk remembers between runs: the theme, and the keys a user has changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import msgspec


class Settings(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The content of `settings.json` in the user's configuration folder.

    `theme` is one of `themes.THEMES`, None before one was chosen; `keys` maps the id of a key binding (the `?` screen
    names them) to keys, such as `{"walk.forward": "right,n"}`. `predict` is how much is asked in predict mode: one of
    `level.CHOICES`.
    """

    theme: str | None = None
    keys: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    predict: str = "fading"


class SettingsStore(Protocol):
    """Where settings are kept."""

    def load(self) -> tuple[Settings, list[str]]:
        """Return the settings, and sentences about what is wrong with what was kept."""
        ...

    def save(self, settings: Settings) -> str:
        """Keep the settings; return a sentence that says why, where that fails, and an empty one otherwise."""
        ...


class MemoryStore:
    """Keeps settings as long as the program runs: for guests, who share an account, or have no home."""

    def __init__(self) -> None:
        self._settings = Settings()

    def load(self) -> tuple[Settings, list[str]]:
        """Return what was saved, or the defaults."""
        return self._settings, []

    def save(self, settings: Settings) -> str:
        """Keep the settings."""
        self._settings = settings
        return ""


class SettingsFile:
    """Keeps settings in the user's `settings.json`."""

    @property
    def path(self) -> Path:
        """The file."""
        import platformdirs

        return platformdirs.user_config_path("gradwalk") / "settings.json"

    def load(self) -> tuple[Settings, list[str]]:
        """Read the file; one that cannot be read gives the defaults, and a sentence that says so."""
        from .themes import THEMES

        try:
            settings = msgspec.json.decode(self.path.read_bytes(), type=Settings)
        except FileNotFoundError:
            return Settings(), []
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            return Settings(), [f"{self.path} is ignored: {error}"]
        problems: list[str] = []
        if settings.predict != "fading":
            from ..engine.study.level import CHOICES

            if settings.predict not in CHOICES:
                choices = ", ".join(CHOICES)
                problems.append(f'{self.path}: "{settings.predict}" is no level of predicting; there are {choices}')
                settings.predict = "fading"
        if settings.theme is not None and settings.theme not in THEMES:
            problem = f'{self.path}: there is no theme "{settings.theme}"; themes are {", ".join(THEMES)}'
            settings.theme = None
            problems.append(problem)
        return settings, problems

    def save(self, settings: Settings) -> str:
        """Write the file. One that cannot be read is left for its owner to mend: it may hold keys."""
        path = self.path
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
