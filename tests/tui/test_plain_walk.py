"""A walk as questions and answers: dialogues as functions, and the real command in a pipe."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from gradwalk.engine.library import built_in_names, load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.tui.cli import main
from gradwalk.tui.plain.dialogue import Dialogue
from gradwalk.tui.plain.library import LibraryDialogue, dialogue_of
from gradwalk.tui.plain.walk import WalkDialogue
from gradwalk.tui.session import Session
from gradwalk.tui.settings import MemoryStore
from gradwalk.tui.words.lines import Line

from .pseudo_terminal import GRADWALK


def plain(lines: object) -> list[str]:
    assert isinstance(lines, list | tuple)
    return [line.plain for line in lines if isinstance(line, Line)]


def said(dialogue: Dialogue, *typed: str) -> list[str]:
    """What is said to the last of some lines that are typed one after another."""
    lines: list[str] = []
    for text in typed:
        lines = plain(dialogue.respond(text))
    return lines


def fabc(step: str = "") -> WalkDialogue:
    return WalkDialogue(load("fabc"), step=step)


class TestAStep:
    @pytest.mark.parametrize("name", [name for name in built_in_names() if not load(name).is_trained])
    @pytest.mark.parametrize("spoken", [False, True], ids=["plain", "spoken"])
    def test_takes_at_most_three_lines_that_are_sentences(self, name: str, spoken: bool) -> None:
        walk = WalkDialogue(load(name), spoken=spoken)
        for number in range(1, walk.trace.total + 1):
            lines = said(walk, "")
            assert 1 <= len(lines) <= 3
            assert lines[0].startswith(f"Step {number} of {walk.trace.total}, ")
            assert all(line.strip() == line and line for line in lines)
            assert lines[0].endswith(".")

    def test_says_all_of_the_chain_rule(self) -> None:
        first, second, _ = said(fabc(), "go ∂f/∂s")
        assert "from r to s, where r = 1/s: the upstream gradient ∂f/∂r = 1; the local derivative ∂r/∂s = " in first
        assert second.startswith("The contribution is 1 · (-0.1111) = -0.1111 = -1/9.")
        assert second.endswith("so ∂f/∂s = -0.1111 = -1/9.")

    def test_says_which_of_several_contributions_it_is_and_the_sum_so_far(self) -> None:
        walk = WalkDialogue(from_expression("x*x + x", {"x": "3"}))
        texts = [" ".join(said(walk, "")) for _ in range(walk.trace.total)]
        assert [text.split("It is ")[1].split(",")[0] for text in texts if "to x," in text] == [
            "the first of 3", "the second of 3", "the last of 3",
        ]  # fmt: skip
        assert texts[-1].endswith("= 4 + 3 = 7.")

    def test_says_why_a_number_does_not_exist(self) -> None:
        walk = WalkDialogue(from_expression("ln(x)", {"x": "-1"}))
        assert "Undefined: ln is defined for positive numbers." in said(walk, "")

    def test_says_what_a_corner_is(self) -> None:
        walk = WalkDialogue(from_expression("abs(x)", {"x": "0"}))
        assert "the slope is -1 below x = 0 and 1 above" in said(walk, "go 3")[-1].casefold()

    def test_an_update_says_what_the_parameter_becomes(self) -> None:
        training = dialogue_of(load("regression"), Session(store=MemoryStore()))
        lines = said(training, "walk", "go w <-")
        assert "the update of w: w ← w - η·g, where the gradient ∂cost/∂w = -376.8" in lines[0]
        assert lines[1].endswith("so w = 0 - (-7.5365) = 7.5365.")


class TestCommands:
    def test_enter_goes_on_and_the_end_says_what_was_found(self) -> None:
        walk = fabc()
        assert [line.split(",")[0] for _ in range(13) for line in said(walk, "")[:1]][-1] == "Step 13 of 13"
        found = said(walk, "")
        assert found[0] == "The walk is complete: f = 0.6667 = 2/3."
        assert found[1] == "∂f/∂a = -0.1111 = -1/9, ∂f/∂b = -0.0409 = -1/(9e), ∂f/∂c = -0.1111 = -1/9."
        assert "complete" in said(walk, "next")[0]

    @pytest.mark.parametrize(
        ("typed", "beginning"),
        [
            ("go 7", "Step 7 of 13"), ("7", "Step 7 of 13"), ("g 7", "Step 7 of 13"), ("∂f/∂s", "Step 10 of 13"),
            ("df/ds", "Step 10 of 13"), ("GO s", "Step 2 of 13"), ("end", "The walk is complete"),
            ("start", "Pen and paper"), ("b", "Step 4 of 13"), ("where", "Step 5 of 13"), ("wh", "Step 5 of 13"),
            ("values", "a = 2, b = 2.7183"), ("values s", "s = 3."), ("gradients", "No gradient yet: a, b, c"),
            ("notes", "The output."), ("intro", "Pen and paper"), ("questions", "Question 1: What is ∂f/∂a?"),
            ("digits 3", "From now on numbers with 3 significant digits"),
        ],
    )  # fmt: skip
    def test_each_does_what_it_says(self, typed: str, beginning: str) -> None:
        assert said(fabc("5"), typed)[0].startswith(beginning)

    @pytest.mark.parametrize(
        ("typed", "instead"),
        [
            ("nxt", 'did you mean "next"?'), ("what is this", "help says what else can be typed"),
            ("go", "such as go 7"), ("go zz", 'No node is called "zz"'), ("go 99", "This walk ends at step 13."),
            ("s2", "help says what else"), ("r", "type go r"), ("values zz", "the command values says"),
            ("digits 99", "from 1 to 17"), ("notes maybe", "neither on nor off"), ("\x1b[A", "There is no command"),
        ],
    )  # fmt: skip
    def test_what_there_is_not_gets_a_sentence_with_what_instead(self, typed: str, instead: str) -> None:
        walk = fabc("5")
        lines = said(walk, typed)
        assert len(lines) == 1
        assert instead in lines[0]
        assert walk.cursor == 5
        assert not walk.over

    def test_help_names_every_command(self) -> None:
        walk = fabc()
        lines = said(walk, "help")
        assert [line.split(" ")[0].rstrip(":") for line in lines] == [each.word for each in walk.commands.commands]

    def test_notes_can_be_left_out(self) -> None:
        walk = fabc()
        assert len(said(walk, "notes off", "next")) == 1
        assert len(said(walk, "notes on", "where")) == 2

    def test_gradients_say_how_many_contributions_are_in(self) -> None:
        walk = WalkDialogue(load("square"))
        assert "∂d/∂b = 60 after 1 of 2 contributions" in said(walk, "go 10", "gradients")[0]
        assert said(walk, "next", "gradients b") == ["∂d/∂b = 120."]

    def test_a_large_graph_is_not_read_out_whole(self) -> None:
        training = dialogue_of(load("moons"), Session(store=MemoryStore()))
        lines = said(training, "walk", "values")
        assert len(lines) <= 3
        assert sum(map(len, lines)) < 2_000


class TestTheLibrary:
    def test_a_scenario_is_opened_by_its_number_or_its_name_and_left_again(self) -> None:
        library = LibraryDialogue(Session(store=MemoryStore()))
        listed = plain(library.opening())
        assert {"1. fabc: Pen and paper: f(a, b, c)", "Models to train:"} <= set(listed)
        assert said(library, "1")[0].startswith("Pen and paper")
        assert said(library, "next", "leave")[-1].startswith("This is the list of scenarios")
        assert said(library, "regression", "go 3")[0].startswith("Epoch 3 of 200: cost = ")
        assert said(library, "walk", "leave")[0].startswith("Epoch 3 of 200: cost = ")
        said(library, "leave", "xyz", "quit")
        assert library.over

    @pytest.mark.parametrize("typed", ["fbac", "99", "what", "0"])
    def test_another_word_gets_a_sentence(self, typed: str) -> None:
        library = LibraryDialogue(Session(store=MemoryStore()))
        library.opening()
        assert len(said(library, typed)) == 1
        assert not library.over

    def test_a_file_that_cannot_be_read_is_said_and_the_list_goes_on(self, tmp_path: Path) -> None:
        from gradwalk.engine.shelf import Shelf

        (tmp_path / "good.toml").write_text('title = "Good"\n[inputs]\nx = 1\n[graph]\nf = "x*x"\n')
        (tmp_path / "bad.toml").write_text('title = "Bad"\n[inputs]\nx = 1\n[graph]\nf = "siin(x)"\n')
        library = LibraryDialogue(Session(store=MemoryStore()), Shelf([str(tmp_path)]))
        library.opening()
        assert 'did you mean "sin"?' in "\n".join(said(library, "bad"))
        assert said(library, "good")[0] == "Good."


def piped(*arguments: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    import os

    return subprocess.run(
        [GRADWALK, *arguments], input=typed.encode(), capture_output=True, timeout=60, env={**os.environ, **environment}
    )


class TestTheCommand:
    def test_a_pipe_gets_the_plain_walk_with_what_was_typed_in_it(self) -> None:
        result = CliRunner().invoke(main, ["fabc"], input="next\nback\n", prog_name="gradwalk")
        assert result.exit_code == 0
        assert result.output.splitlines()[3:] == [
            "Command: next",
            "Step 1 of 13, forward: l = ln(b) = ln(2.7183) ≈ 1, exactly 1.",
            "The forward pass comes first. The slopes we are after depend on where we stand, so every value has to be "
            "known before any derivative can be put into numbers. ln(e) is 1.",
            "Command: back",
            *result.output.splitlines()[:3],
            "The walk ends here, at its start.",
        ]

    def test_an_output_that_holds_only_ascii_gets_ascii_that_can_be_typed_again(self) -> None:
        result = piped("fabc", typed="go ∂f/∂b\ngo df/ds\n", PYTHONIOENCODING="ascii", LC_ALL="C")
        assert result.returncode == 0
        text = result.stdout.decode("ascii")
        assert "Command: go df/db\nStep 13 of 13, backward from l to b, where l = ln(b)" in text
        assert "the local derivative dr/ds = -1/s^2 = -1/3^2 = -0.1111 = -1/9." in text
        assert not set("?\x1b") & set(text)

    def test_spoken_has_formulas_in_words(self) -> None:
        result = CliRunner().invoke(main, ["--spoken", "fabc"], input="go df/dc\n", prog_name="gradwalk")
        said = "the derivative of q by c, equals minus one over c squared, equals minus one over three squared"
        assert said in result.output

    def test_options_of_a_walk_hold(self) -> None:
        result = CliRunner().invoke(main, ["fabc", "--plain", "--step", "l", "--digits", "6"], input="", prog_name="g")
        assert result.output.splitlines()[1] == "Step 1 of 13, forward: l = ln(b) = ln(2.71828) ≈ 1, exactly 1."
        assert CliRunner().invoke(main, ["fabc", "--plain", "--step", "99"]).exit_code == 2

    def test_an_expression_is_walked_too(self) -> None:
        arguments = ["try", "x*y", "x=2", "y=5", "--plain"]
        result = CliRunner().invoke(main, arguments, input="end\n", prog_name="gradwalk")
        assert result.output.splitlines()[-2:] == ["∂f/∂x = 5, ∂f/∂y = 2.", "The walk ends here, at step 4 of 4."]

    def test_no_textual_is_loaded(self) -> None:
        script = (
            "import json, sys\nfrom gradwalk.tui.cli import main\n"
            "for words in ('fabc --plain', 'regression', '--guest learn', '--guest drill', '--guest hunt'):\n"
            "    try: main(words.split())\n    except SystemExit as end: assert not end.code\n"
            "print(); print(json.dumps(sorted(sys.modules)))"
        )
        result = subprocess.run([sys.executable, "-c", script], input="\n", capture_output=True, text=True, timeout=60)
        modules = set(json.loads(result.stdout.splitlines()[-1]))
        assert "gradwalk.tui.plain.walk" in modules
        assert not {name for name in modules if name.split(".")[0] in ("textual", "rich.console", "plotext", "sqlite3")}

    def test_a_reader_that_goes_away_ends_it(self) -> None:
        script = f"set -o pipefail; yes '' 2>/dev/null | head -100000 | {GRADWALK} fabc | head -1"
        result = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True, timeout=60)
        assert result.stdout == "Pen and paper: f(a, b, c).\n"
        assert result.stderr == ""

    def test_an_input_that_is_closed_is_an_end_and_a_closed_output_one_sentence(self) -> None:
        closed = "; ".join(f"{GRADWALK} {command} >&-; echo status $?" for command in ("fabc --plain", "export fabc"))
        script = f"{GRADWALK} fabc --plain <&- | tail -1; {closed}"
        result = subprocess.run(
            ["/bin/bash", "-c", script], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )
        assert result.stdout == "The walk ends here, at its start.\nstatus 2\nstatus 2\n"
        assert result.stderr == "gradwalk: standard output is closed, so nothing can be written\n" * 2
