"""`SaveScenarioScreen`: asks for the name of a file, and saves a walk there as a scenario."""

from __future__ import annotations

from pathlib import Path

from textual.binding import Binding
from textual.widgets import Input

from ...engine.definition import Definition
from ...engine.errors import GradwalkError
from ..saving import replace_file, write_new
from ..walk.opened import OpenedWalk
from .prompt import Prompt


class SaveScenarioScreen(Prompt[str | None]):
    """Asks for a name; answers with the path of the file that was written.

    A file that is there already is named, and replaced only when Enter is pressed once more.
    """

    DEFAULT_CSS = """
    SaveScenarioScreen > Vertical { max-width: 76; }
    """
    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel", id="save.cancel")]  # noqa: RUF012

    def __init__(self, opened: OpenedWalk) -> None:
        scenario = opened.scenario
        name = str(scenario.path) if scenario.path is not None else f"{scenario.name}.toml"
        super().__init__(
            "save as a scenario file", "a name that ends in .toml", typed=name, keys="⏎ save · {save.cancel} cancel"
        )
        self._opened = opened
        self._may_replace: Path | None = None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take back what was said of another name."""
        self._may_replace = None
        self.say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the name as it stands: it may have several spaces."""
        event.prevent_default()
        self.answer(event.value.strip())

    def answer(self, typed: str) -> None:
        """Save, or say why not; ask once more before a file is replaced."""
        if not typed:
            self.say_problem("a name is missing, such as mine.toml")
            return
        try:
            path = _path(typed)
            if path.exists() and path != self._may_replace:
                self._ask_to_replace(path)
                return
            text = self._text()
            if path == self._may_replace:
                replace_file(path, text)
            else:
                write_new(path, text)
        except GradwalkError as error:
            self.say_problem(str(error))
        except OSError as error:  # of a name that is too long, or in a folder that may not be looked into
            self.say_problem(f"{typed} cannot be written: {error.strerror or error}")
        else:
            self.dismiss(str(path))

    def _ask_to_replace(self, path: Path) -> None:
        from ..editing.scenario_text import has_changed

        if not path.is_file():
            self.say_problem(f"{path} is no file, and cannot be replaced")
            return
        self._may_replace = path
        own = self._opened.scenario.path
        is_own = own is not None and path.resolve() == own
        if is_own and has_changed(self._opened.scenario, self._known()):
            self.say_problem(f"{path} has been changed since it was opened. Press Enter again to replace its inputs "
                             "and nodes by those of this walk, or type another name.")  # fmt: skip
        else:
            self.say_problem(f"{path} is there already. Press Enter again to replace it, or type another name.")

    def _known(self) -> list[Definition]:
        """Return what the file may say when only this walk has written it: what was opened, and what was saved."""
        revisions = self._opened.revisions
        known = [self._opened.scenario]
        if revisions is not None:
            known = [revision.scenario for revision in (revisions.first, revisions.saved) if revision is not None]
        return [scenario.definition for scenario in known if scenario.definition is not None]

    def _text(self) -> str:
        from ..editing.edited import definition_to_save
        from ..editing.scenario_text import file_text

        revisions = self._opened.revisions
        scenario = revisions.current.scenario if revisions else self._opened.scenario
        definition = definition_to_save(self._opened)
        assert definition is not None, "only a walk that has one is saved"
        return file_text(scenario, definition)


def _path(typed: str) -> Path:
    try:
        path = Path(typed).expanduser()
    except RuntimeError as error:
        raise GradwalkError(f"{typed}: {error}") from None
    path = Path.cwd() / path
    return path if path.suffix else path.with_name(f"{path.name}.toml")
