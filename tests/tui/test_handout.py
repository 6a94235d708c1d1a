"""Walks on paper: what stands in them, and that Markdown, HTML and LaTeX read them as they are meant."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.rules.printers.unicode import NOTATION as UNICODE
from gradwalk.tui.cli import main
from gradwalk.tui.handout.blocks import Math, Paragraph
from gradwalk.tui.handout.formats import format_named
from gradwalk.tui.handout.writing import written
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

PDFLATEX = shutil.which("pdflatex")
ANSWERS = "Answers: "

HARD = """\
title = "50% of {what_is} #1 & 重 \\\\ 'x' <b>"
summary = "a_b*c [x](y) `z` ~ $1 ^ |"
[inputs]
"重み" = 2
w_1 = "1/3"
x = -0.123456
[graph]
y = "重み*w_1 - x*x"
z = "ln(x) + y"
[notes]
y = "Ein Wort über ∂z/∂w, x² → ½ · 😀 “so”; 100 % sure_"
"""


@pytest.fixture
def hard(tmp_path: Path) -> Path:
    file = tmp_path / "hard.toml"
    file.write_text(HARD, encoding="utf-8")
    return file


def inline(text: str) -> Iterator[Token]:
    for block in MarkdownIt().parse(text):
        yield from block.children or ()


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        ("f.html", "<!DOCTYPE html>"),
        ("f.svg", "<svg"),
        ("f.cast", '{"version"'),
        ("f.tex", "\\documentclass"),
        ("f.md", "# Pen"),
        ("f.txt", "# Pen"),
    ],
)
def test_without_a_format_the_ending_of_the_file_says_it(file: str, begins: str, tmp_path: Path) -> None:
    code, _ = run("fabc", "-o", str(tmp_path / file))
    assert code == 0
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert begins in text[:200]
    assert "<script>" in text or not file.endswith("html")


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["export", *arguments])
    return result.exit_code, result.output


class TestWhatStandsInIt:
    def test_every_step_its_numbers_and_its_note(self) -> None:
        text = written(load("fabc"), "md")
        assert re.findall(r"^### Step (\d+)", text, re.MULTILINE) == [str(number) for number in range(1, 14)]
        assert "- local derivative: `∂r/∂s = -1/s² = -1/3² = -0.1111 = -1/9`" in text
        assert "- `∂f/∂b = -0.0409 = -1/(9e)`" in text  # of the notebook's exercise
        assert "> The last factor: the slope of ln(b) is 1/b = 1/e." in text

    def test_contributions_are_counted(self) -> None:
        text = written(from_expression("x*x", {"x": "3"}), "md")
        assert "= 0 + 3 = 3` (contribution 1 of 2)" in text
        assert "= 3 + 3 = 6` (contribution 2 of 2)" in text

    def test_what_is_undefined_is_called_so_with_the_reason(self) -> None:
        text = written(from_expression("ln(x)", {"x": "-1"}), "md")
        assert "`t1 = ln(-1) = undefined`" in text or "= undefined`" in text
        assert "ln is defined for positive numbers" in text

    def test_a_seed_that_is_undefined_is_a_word_in_latex(self) -> None:
        text = written(from_expression("ln(x)", {"x": "-1"}), "tex")
        assert r"= \text{undefined}" in text
        assert "= undefined" not in text

    def test_a_leaf_of_more_digits_than_are_shown_is_not_called_equal(self) -> None:
        assert "`x ≈ 1`" in written(from_expression("x^2", {"x": "1.00004"}), "md")
        assert "`x = 0.25 = 1/4`" in written(from_expression("x^2", {"x": "0.25"}), "md")

    def test_the_data_of_a_training_are_given(self) -> None:
        assert re.search(r"The data are `x\[1\] ≈ 0\.2364`, .*`y\[10\] ≈ ", written(load("regression"), "md"))

    def test_a_worksheet_has_no_number_that_is_asked_for_before_its_answers(self) -> None:
        asked, _, answers = written(load("ehg"), "md", worksheet=True).partition(ANSWERS)
        walk = asked[asked.index("## Forward pass") :]
        assert not re.search(r"= -?\d", walk)
        assert walk.count("accumulated gradient") == answers.count("accumulated gradient") == 10
        assert "The seed: ∂E/∂E = 1." in answers and "The seed" not in walk

    def test_exercises_are_asked_and_then_answered_with_a_hint(self) -> None:
        asked, _, answers = written(load("chain"), "md", worksheet=True).partition(ANSWERS)
        assert re.search(r"- What is ∂c/∂w\? (\\_)+", asked)
        assert "- answer: 12" in answers and "- hint: ∂c/∂s · ∂s/∂p · ∂p/∂w: which" in answers

    def test_a_walk_of_very_many_steps_is_refused(self) -> None:
        with pytest.raises(GradwalkError, match=r"moons has 187,989 steps, and a handout at most 1,500"):
            written(load("moons"), "md")


class TestMarkdown:
    def test_formulas_are_code_as_they_are(self, hard: Path) -> None:
        codes = [token.content for token in inline(written(load(str(hard)), "md")) if token.type == "code_inline"]
        assert "y = t1 - t2" in codes and "t1 = 重み·w_1" in codes

    def test_with_latex_they_stand_between_dollars(self) -> None:
        text = written(load("fabc"), "md", "latex")
        assert r"$\frac{\partial r}{\partial s} = -\frac{1}{s^{2}} = -\frac{1}{3^{2}} = -0.1111 = -\frac{1}{9}$" in text

    @given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1))
    def test_words_are_read_as_they_were_written(self, words: str) -> None:
        text = format_named("md").document("", [Paragraph((words, " and ", Math("x")))], UNICODE)
        found = [token for token in inline(text) if token.type in ("text", "text_special", "code_inline")]
        assert "".join(token.content for token in found) == f"{words} and x"


class TestHtml:
    def test_it_is_well_formed_and_says_the_same(self, hard: Path) -> None:
        for scenario in (load(str(hard)), load("fabc")):
            page = written(scenario, "handout", worksheet=True)
            root = ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>\n"))
            title = root.find("body/main/h1")
            assert title is not None and title.text == scenario.title
            assert len(root.findall(".//span[@class='blank']")) > 5
            formulas = {"".join(each.itertext()) for each in root.findall(".//span[@class='math']")}
            assert {"∂f/∂b = -0.0409 = -1/(9e)", "y = t1 - t2"} & formulas

    def test_it_asks_the_network_for_nothing(self) -> None:
        assert not re.search(r"(src|href|url)\s*[=(]", written(load("fabc"), "handout"))


class TestLatex:
    @pytest.mark.skipif(PDFLATEX is None, reason="pdflatex is not installed")
    @pytest.mark.parametrize("worksheet", [True, False])
    def test_it_compiles(self, hard: Path, worksheet: bool) -> None:
        scenario = load(str(hard)) if worksheet else load("fabc")
        hard.with_suffix(".tex").write_text(written(scenario, "tex", worksheet=worksheet), encoding="utf-8")
        command = [str(PDFLATEX), "-interaction=nonstopmode", "-halt-on-error", "hard.tex"]
        run = subprocess.run(command, cwd=hard.parent, capture_output=True, text=True, errors="replace", check=False)
        assert run.returncode == 0, run.stdout[-2000:]
        assert hard.with_suffix(".pdf").read_bytes().startswith(b"%PDF")

    def test_characters_that_pdftex_does_not_know_are_declared(self, hard: Path) -> None:
        assert r"\DeclareUnicodeCharacter{91CD}{[U+91CD]}" in written(load(str(hard)), "tex")


class TestTheCommand:
    def test_it_prints(self) -> None:
        assert run("chain", "--format", "tex")[1].startswith(r"\documentclass")

    def test_a_file_is_written_once(self, tmp_path: Path) -> None:
        file = tmp_path / "walk.html"
        assert run("chain", "--format", "handout", "-o", str(file)) == (0, f"written to {file}\n")
        before = file.read_text(encoding="utf-8")
        status, said = run("fabc", "--format", "handout", "-o", str(file))
        assert status == 2 and "cannot be written: File exists" in said
        assert file.read_text(encoding="utf-8") == before

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["fabc", "--format", "pdf"], '"pdf" is no format; there are cast, handout, html, md, svg, tex'),
            (["fabc", "--format", "tex", "--notation", "text"], 'formulas in tex cannot be written as "text"'),
            (["fabc", "--format", "html", "--worksheet"], "--format handout"),
            (["fabc", "--format", "html", "--notation", "latex"], "--format md"),
            (["nothing"], "nothing"),
        ],
    )
    def test_what_cannot_be_is_said(self, arguments: list[str], said: str) -> None:
        status, output = run(*arguments)
        assert status == 2 and said in output

    def test_a_guest_writes_no_file(self) -> None:
        result = CliRunner().invoke(main, ["--guest", "export", "fabc", "-o", "x.md"])
        assert result.exit_code == 2 and "a guest can read and write no files" in result.output
