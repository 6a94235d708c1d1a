"""The page of a walk, driven in Chromium: every number, the keys, the buttons, and what a screen reader finds."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from gradwalk import scalars, walk
from gradwalk.engine.errors import ExpressionError
from gradwalk.engine.language.names import FUNCTIONS
from gradwalk.engine.library import load
from gradwalk.engine.study.question import Question
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.pocket import page as pocket_page

from .pocket_pages import STATE, Scheme, chromium, exported, opened, replayed, run, traced

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def fabc(browser: Browser, tmp_path: Path) -> Generator[Page]:
    with opened(browser, exported("fabc", tmp_path)) as page:
        yield page


def numbers(cells: dict[str, list[str | None]]) -> dict[str, float]:
    return {node: float(whole) for node, (_, whole) in cells.items() if whole is not None}


def title(page: Page) -> str:
    return page.inner_text("#step-title")


def said(page: Page) -> str:
    return page.inner_text(".taken .lines")


class TestNumbers:
    @pytest.mark.parametrize("scenario", ["fabc", "xor"])
    def test_every_number_after_every_step_is_that_of_the_json(
        self, browser: Browser, tmp_path: Path, scenario: str
    ) -> None:
        document = traced(scenario)
        with opened(browser, exported(scenario, tmp_path)) as page:
            for cursor, (values, gradients) in enumerate(replayed(document)):
                shown: dict[str, Any] = page.evaluate(STATE)
                assert numbers(shown["values"]) == {node: value for node, value in values.items() if value is not None}
                assert numbers(shown["gradients"]) == gradients
                if cursor:
                    self.check_step(document["steps"][cursor - 1], shown)
                page.keyboard.press("ArrowRight")
            assert page.evaluate("document.querySelector('.moving .main').disabled")

    @staticmethod
    def check_step(step: dict[str, Any], shown: dict[str, Any]) -> None:
        factor = step["factor"]
        keys = ("upstream", "local", "contribution", "before", "after")
        expected = {key: factor[key] for key in keys} if factor else {}
        if not factor:
            expected = {"gradient" if step["phase"] == "seed" else "value": step["value"]}
        assert shown["step"] == expected
        assert shown["title"] == f"{step['phase']} · step {step['number']} of {step['total']}"

    def test_what_is_undefined_is_called_so(self, browser: Browser, tmp_path: Path) -> None:
        file = tmp_path / "bad.toml"
        file.write_text('title = "t"\n[inputs]\nx = -1\nz = 2\n[graph]\ny = "ln(x)"\n', encoding="utf-8")
        with opened(browser, exported(str(file), tmp_path)) as page:
            page.keyboard.press("End")
            shown = page.evaluate(STATE)
            texts = [cells[0] for key in ("values", "gradients") for cells in shown[key].values()]
            assert texts.count("undefined") >= 3 and not any("NaN" in text or "null" in text for text in texts)

    def test_an_input_that_is_used_twice_is_marked_where_it_stands_again(
        self, browser: Browser, tmp_path: Path
    ) -> None:
        file = tmp_path / "twice.toml"
        file.write_text('title = "t"\n[inputs]\nx = 2\n[graph]\ny = "x + ln(x)"\n', encoding="utf-8")
        with opened(browser, exported(str(file), tmp_path)) as page:
            rows = page.locator("tr[data-node='0'] .marker")
            assert rows.all_inner_texts() == ["", "↗"]

    def test_all_digits_are_shown_where_they_are_asked_for(self, fabc: Page) -> None:
        fabc.keyboard.press("End")
        cell = fabc.locator("tr[data-node='0'] td").nth(2)
        assert cell.inner_text() == "-0.1111"
        fabc.keyboard.press("D")
        assert cell.inner_text() == "-0.1111111111111111"

    def test_digits_are_written_as_python_writes_them(self, browser: Browser, tmp_path: Path) -> None:
        file = tmp_path / "sizes.toml"
        file.write_text(
            'title = "t"\n[inputs]\na = 1e-5\nb = 1e16\nc = 123456789.5\nd = 3\n[graph]\ny = "a*b + c*d"\n',
            encoding="utf-8",
        )
        with opened(browser, exported(str(file), tmp_path)) as page:
            page.keyboard.press("D")
            shown = page.evaluate(STATE)["values"]
            assert [shown[str(node)][0] for node in range(4)] == [repr(x) for x in (1e-5, 1e16, 123456789.5, 3.0)]


class TestMoving:
    def test_keys_and_buttons_lead_to_the_same(self, fabc: Page) -> None:
        keys = ["ArrowRight", "ArrowRight", "n", "ArrowLeft", "]", "]", "[", "End", "Home"]
        expected = [1, 2, 3, 2, 6, 13, 6, 13, 0]
        found: list[str] = []
        for key in keys:
            fabc.keyboard.press(key)
            found.append(title(fabc))
        assert found == ["start · 13 steps" if at == 0 else self.name(at) for at in expected]
        for label, at in (("Step", 1), ("End", 13), ("Back", 12), ("Start", 0)):
            fabc.get_by_role("button", name=label, exact=True).click()
            assert title(fabc) == (self.name(at) if at else "start · 13 steps")

    @staticmethod
    def name(step: int) -> str:
        phase = "forward" if step < 6 else "seed" if step == 6 else "backward"
        return f"{phase} · step {step} of 13"

    def test_the_way_back_looks_like_the_way_out(self, fabc: Page) -> None:
        out: list[Any] = []
        for _ in range(14):
            out.append((fabc.evaluate(STATE), said(fabc)))
            fabc.keyboard.press("ArrowRight")
        for before in reversed(out[:-1]):
            fabc.keyboard.press("ArrowLeft")
            assert (fabc.evaluate(STATE), said(fabc)) == before

    def test_the_slider_goes_to_a_step(self, fabc: Page) -> None:
        slider = fabc.get_by_role("slider", name="step")
        slider.fill("9")
        assert title(fabc) == self.name(9)
        assert slider.get_attribute("aria-valuetext") == self.name(9)

    def test_a_page_opens_at_the_step_of_its_address_and_keeps_it_there(self, browser: Browser, tmp_path: Path) -> None:
        with opened(browser, exported("fabc", tmp_path), hash="#step-7") as page:
            assert title(page) == self.name(7)
            page.keyboard.press("ArrowRight")
            assert page.url.endswith("#step-8")

    def test_a_node_leads_to_the_steps_that_write_it(self, fabc: Page) -> None:
        fabc.locator("tr[data-node='4']").click()
        assert "Selected: s = a + l · value ?" in fabc.inner_text(".selected")
        found: list[str] = []
        for _ in range(3):
            fabc.keyboard.press("Enter")
            found.append(title(fabc))
        assert found == [self.name(2), self.name(10), self.name(2)]

    def test_playing_goes_on_by_itself(self, fabc: Page) -> None:
        fabc.keyboard.press("Space")
        fabc.get_by_text(self.name(2), exact=True).wait_for()
        fabc.get_by_role("button", name="Pause").click()
        assert fabc.get_by_role("button", name="Play").is_visible()

    def test_the_words_are_those_of_the_terminal(self, fabc: Page) -> None:
        for _ in range(10):
            fabc.keyboard.press("ArrowRight")
        assert "∂f/∂s = 0 + (-0.1111) = -0.1111 = -1/9" in " ".join(said(fabc).split())


class TestTheViews:
    def test_branches_fold_and_open_where_the_walk_comes_to_them(self, fabc: Page) -> None:
        fabc.locator("tr[data-node='5']").click()
        fabc.keyboard.press("o")
        assert not fabc.locator("tr[data-node='4']").is_visible()
        assert fabc.locator("tr[data-node='5']").get_attribute("aria-expanded") == "false"
        fabc.keyboard.press("ArrowRight")
        assert fabc.locator("tr[data-node='3']").is_visible()

    def test_what_is_one_thing_is_folded_but_while_the_walk_is_in_it(self, browser: Browser, tmp_path: Path) -> None:
        with opened(browser, exported("xor", tmp_path)) as page:
            rows = page.locator("tr[data-node]")
            shown = "all => all.filter(row => !row.hidden).length"
            closed = rows.evaluate_all(shown)
            assert closed < rows.count() / 3
            page.keyboard.press("ArrowRight")
            assert closed < rows.evaluate_all(shown) and page.locator("tr.active").first.is_visible()
            page.keyboard.press("ArrowLeft")
            assert rows.evaluate_all(shown) == closed

    def test_the_circuit_shows_the_same_numbers_and_the_wire_in_play(self, fabc: Page) -> None:
        fabc.keyboard.press("v")
        for _ in range(9):
            fabc.keyboard.press("ArrowRight")
        box = fabc.locator("g.box[data-node='2']")
        assert box.locator("text").all_text_contents() == ["c", "3", "∂ -0.1111"]
        assert "active" in (box.get_attribute("class") or "")
        assert fabc.locator("polyline.active").count() == 1
        assert fabc.locator(".wire-label").all_text_contents() == ["-0.1111", "1"]

    def test_arrays_are_lines_and_boxes_that_open(self, browser: Browser, tmp_path: Path) -> None:
        weights = scalars("W", np.arange(6.0).reshape(3, 2))
        file = tmp_path / "page.html"
        file.write_text(walk((np.tanh(np.ones((4, 3)) @ weights * 0.1) ** 2).mean()).to_html(), encoding="utf-8")
        with opened(browser, file) as page:
            line = page.locator("tr", has_text="W · 3×2 entries")
            assert line.count() == 1 and line.get_attribute("aria-expanded") == "false"
            page.keyboard.press("ArrowRight")
            assert page.locator("tr.active").first.is_visible()
            page.keyboard.press("v")
            assert page.locator("g.box", has_text="3×2 entries").count() == 1

    def test_boxes_keep_apart_and_wires_run_from_box_to_box(self, browser: Browser, tmp_path: Path) -> None:
        bounds = "all => all.map(one => one.getBoundingClientRect()).map(r => [r.x, r.y, r.right, r.bottom])"
        with opened(browser, exported("xor", tmp_path)) as page:
            page.keyboard.press("v")
            for keys in ("ArrowRight", "]", "o"):
                page.keyboard.press(keys)
                boxes = page.eval_on_selector_all("g.box > rect", bounds)
                for one, other in itertools.combinations(boxes, 2):
                    assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
                for left, _, right, _ in page.eval_on_selector_all("polyline.wire", bounds):
                    assert any(abs(left - box[2]) < 2 for box in boxes)
                    assert any(abs(right - box[0]) < 2 for box in boxes)

    def test_a_large_circuit_is_gathered_but_where_the_walk_is(self, browser: Browser, tmp_path: Path) -> None:
        document = traced("xor")
        with opened(browser, exported("xor", tmp_path)) as page:
            page.keyboard.press("v")
            boxes = page.locator("g.box")
            for step in range(1, document["steps"][-1]["total"] + 1, 15):
                page.get_by_role("slider", name="step").fill(str(step))
                assert page.locator("g.box.active").count() == 1 and boxes.count() < 80
                name = document["steps"][step - 1]["name"]
                assert name in (page.locator("g.box.active").text_content() or "")
            page.keyboard.press("o")
            assert boxes.count() == len(document["nodes"])
            page.keyboard.press("o")
            assert boxes.count() < 80

    @pytest.mark.parametrize("width", [380, 1200])
    def test_nothing_is_wider_than_the_window(self, browser: Browser, tmp_path: Path, width: int) -> None:
        with opened(browser, exported("fabc", tmp_path), width=width) as page:
            for key in ("ArrowRight", "End", "v", "D"):
                page.keyboard.press(key)
                assert page.evaluate("document.documentElement.scrollWidth") <= width


class TestPredicting:
    def asked(self, page: Page) -> str:
        return page.inner_text(".question label")

    def answer(self, page: Page, text: str) -> str:
        page.fill("#answer", text)
        page.keyboard.press("Enter")
        told = page.locator(".question .said" if page.locator(".question").is_visible() else ".told")
        return " ".join(told.inner_text().split())

    def test_a_step_is_asked_for_before_it_is_shown(self, fabc: Page) -> None:
        fabc.keyboard.press("P")
        fabc.keyboard.press("ArrowRight")
        assert self.asked(fabc) == "What is the value of l?"
        assert fabc.evaluate(STATE)["values"]["3"] == ["?", None]
        assert not fabc.locator(".taken").is_visible()
        assert self.answer(fabc, "1") == "✓ Right: 1."
        assert fabc.evaluate(STATE)["values"]["3"] == ["1", "1.0"]
        assert title(fabc) == "forward · step 1 of 13"

    def test_a_wrong_answer_is_explained_as_on_the_terminal(self, fabc: Page) -> None:
        fabc.keyboard.press("P")
        fabc.get_by_role("slider").fill("5")
        assert self.asked(fabc) == "What is the value of l?"
        for right in ("1", "3", "1/3", "0.333", "2/3", "1", "1"):
            assert self.answer(fabc, right).startswith("✓ Right")
            fabc.get_by_role("slider").fill("13")
        assert self.asked(fabc) == "What is ∂q/∂c, the local derivative of q by c?"
        question = Question.read(Trace(load("fabc").graph), "∂q/∂c")
        for wrong in ("1/9", "0.111", "-1/3", "-0.1", "9"):
            assert self.answer(fabc, wrong) == f"✗ {question.judge(wrong).sentence}"
        assert self.answer(fabc, "-1/c²").startswith("✓ Right: ")

    @pytest.mark.parametrize("answer", ["0", "1", "0.5", "undefined"])
    def test_at_a_corner_the_slopes_of_both_sides_are_right(
        self, browser: Browser, tmp_path: Path, answer: str
    ) -> None:
        file = tmp_path / "corner.toml"
        file.write_text('title = "t"\n[inputs]\nx = 0\n[graph]\nr = "relu(x)"\ny = "3*r"\n', encoding="utf-8")
        with opened(browser, exported(str(file), tmp_path)) as page:
            for _ in range(4):
                page.keyboard.press("ArrowRight")
            page.keyboard.press("P")
            page.keyboard.press("ArrowRight")
            assert self.asked(page) == "What is ∂r/∂x, the local derivative of r by x?"
            verdict = Question.read(Trace(load(str(file)).graph), "∂r/∂x").judge(answer)
            assert verdict.right
            assert self.answer(page, answer).startswith(f"✓ {verdict.sentence} {verdict.remark}".strip())

    def test_hints_lead_to_the_answer_and_the_end_counts(self, fabc: Page) -> None:
        fabc.keyboard.press("P")
        fabc.select_option("select", label="result: the results alone: the output, and the gradient of each input")
        fabc.keyboard.press("ArrowRight")
        assert self.asked(fabc) == "What is the value of f?"
        assert title(fabc) == "start · 13 steps"
        for _ in range(4):
            fabc.keyboard.press("?")
        assert "the answer: f = 2/3 = 0.6667" in fabc.inner_text(".told")
        for answer in ("-1/9", "-0.111"):
            fabc.keyboard.press("ArrowRight")
            assert "Right" in self.answer(fabc, answer)
        fabc.keyboard.press("ArrowRight")
        fabc.get_by_role("button", name="Skip").click()
        assert "2 right · 0 helped · 1 wrong · 1 skipped" in fabc.inner_text(".told")

    def test_going_back_takes_the_question_away_and_what_was_seen_is_not_asked_again(self, fabc: Page) -> None:
        for _ in range(3):
            fabc.keyboard.press("ArrowRight")
        fabc.keyboard.press("P")
        fabc.keyboard.press("ArrowRight")
        fabc.get_by_role("button", name="Back").click()
        assert not fabc.locator(".question").is_visible() and title(fabc) == "forward · step 2 of 13"
        fabc.keyboard.press("ArrowRight")
        assert title(fabc) == "forward · step 3 of 13" and not fabc.locator(".question").is_visible()

    @pytest.mark.parametrize("text", ["", "1/", "nonsense", "1/9e", "l", "f", "2 3", "sqrt(", "1,5", "()"])
    def test_what_cannot_be_read_is_no_try(self, fabc: Page, text: str) -> None:
        fabc.keyboard.press("P")
        fabc.keyboard.press("ArrowRight")
        assert self.answer(fabc, text) == "? An answer is a number, such as -0.25, or an expression, such as -1/s^2."
        assert self.answer(fabc, "1") == "✓ Right: 1."


class TestTraining:
    @pytest.fixture
    def regression(self, browser: Browser, tmp_path: Path) -> Generator[Page]:
        with opened(browser, exported("regression", tmp_path)) as page:
            yield page

    def test_losses_and_parameters_are_those_of_the_json(self, regression: Page) -> None:
        expected = json.loads(run("train", "regression", "--json"))["epochs"]
        seen: set[int] = set()
        for _ in range(100):
            epoch = int(regression.inner_text(".training .position").split()[1])
            seen.add(epoch)
            names = "all => Object.fromEntries(all.map(one => [one.dataset.name, Number(one.textContent)]))"
            shown = regression.eval_on_selector_all(".training dd[data-name]", names)
            assert shown == {"loss": expected[epoch]["loss"], **expected[epoch]["parameters"]}
            if regression.get_by_role("button", name="Train on").is_disabled():
                break
            regression.get_by_role("button", name="Train on").click()
        assert {0, 1, 200} <= seen

    def test_the_fit_moves_with_the_epoch_and_the_data_stay(self, regression: Page) -> None:
        line, points = ".training .plot-fit", ".training .plot-data"
        assert regression.locator(points).count() == 10
        before = regression.get_attribute(line, "d")
        regression.get_by_role("slider", name="epoch").fill("20")
        assert regression.get_attribute(line, "d") != before
        assert regression.locator(points).count() == 10

    def test_the_pictures_say_what_they_show(self, regression: Page) -> None:
        regression.get_by_role("button", name="End", exact=True).last.click()
        for title in ("cost by epoch", "data and model"):
            picture = regression.get_by_role("img", name=title)
            assert "after 200 of 200 epochs the loss is" in (picture.get_attribute("aria-label") or "")

    @pytest.mark.parametrize("scenario", ["moons", "valley", "xor"])
    def test_every_kind_of_training_is_drawn(self, browser: Browser, tmp_path: Path, scenario: str) -> None:
        with opened(browser, exported(scenario, tmp_path)) as page:
            page.get_by_role("slider", name="epoch").fill("20")
            assert page.locator(".plot .drawn, .plot .mark, .plot .shade").count() > 20
            assert not page.locator(".plot [d*='NaN'], .plot [cx*='NaN'], .plot [x*='NaN']").count()
            assert page.locator(".player").count() == (scenario != "moons")

    def test_a_run_that_diverges_is_drawn_as_far_as_it_goes(self, browser: Browser, tmp_path: Path) -> None:
        file = tmp_path / "wild.toml"
        text = (Path(__file__).parents[2] / "scenarios" / "valley.toml").read_text(encoding="utf-8")
        file.write_text(re.sub(r"rate *= *[\d.]+", "rate = 1e30", text), encoding="utf-8")
        with opened(browser, exported(str(file), tmp_path)) as page:
            page.get_by_role("button", name="End", exact=True).last.click()
            assert "⚠" in page.inner_text(".training .lines")
            assert not page.locator(".plot [d*='NaN'], .plot [cx*='NaN'], .plot [x*='NaN'], .plot [y*='NaN']").count()


class TestReadingAnswers:
    """The page reads and judges an answer as the engine does."""

    @pytest.fixture(scope="class")
    def scripts(self, browser: Browser) -> Generator[Page]:
        page = browser.new_page()
        for name in ("numbers", "expression", "answer"):
            page.add_script_tag(path=Path(pocket_page.__file__).parent / "browser" / f"{name}.js")
        yield page
        page.close()

    @pytest.fixture(scope="class")
    def question(self) -> Question:
        return Question.read(Trace(load("fabc").graph), "∂f/∂b")

    def read_in_page(self, page: Page, text: str) -> Any:
        values = {
            "a": 2.0,
            "b": load("fabc").graph.leaf_values.item(1),
            "c": 3.0,
            "l": 1.0,
            "s": 3.0,
            "r": 1 / 3,
            "q": 1 / 3,
            "f": 2 / 3,
        }
        script = """([text, values]) => { try { return new Answer(text, (name) => values[name]).number } catch (error) {
            if (error instanceof Unreadable) return "unreadable"; throw error; } }"""
        return page.evaluate(script, [text, values])

    @pytest.mark.parametrize(
        "text",
        [
            "1", "-1/9", "−1/9", "+.5", "1e-3", "2a", "2a²", "-a^2", "(-a)^2", "a^-1", "2^3^2", "1/(9e)",
            "-1/(a*b)", "a/b/c", "a-b-c", "2(a+b)", "(a+b)(a-b)", "√4", "2√4", "√(a+2)·3", "|a-c|", "eπ", "e²",
            "2e", "ln(b)", "exp(-a)", "a**2", "sigmoid(-a)", "max(a, 3)", "a³·c⁻¹", "1/9e", "1/2a", "e^2a",
            "√2a", "2 3", "a b", "ab", "", "1/", "(", ")", "a(b)", "sin", "sin 2", "1,5", "1..2", "|a", "a=2",
            "2^", "x", "sqrt(1, 2)", "a!", "ln(-1)", "1/0", "--a", "a·-b", "3%",
        ],
    )  # fmt: skip
    def test_an_answer_stands_for_the_same_number(self, scripts: Page, question: Question, text: str) -> None:
        try:
            expected: Any = question.read_answer(text).value
        except ExpressionError:
            expected = "unreadable"
        found = self.read_in_page(scripts, text)
        assert found == (expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-12))

    @pytest.mark.parametrize("name", FUNCTIONS)
    def test_every_function_is_known(self, scripts: Page, question: Question, name: str) -> None:
        for operands in ("0.7", "0.7, -1.3", "-2.5"):
            text = f"{name}({operands})"
            try:
                expected: Any = question.read_answer(text).value
            except ExpressionError:
                expected = "unreadable"
            found = self.read_in_page(scripts, text)
            assert found == (expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-12)), text

    @pytest.mark.parametrize("ask", ["∂f/∂b", "s", "f", "∂f/∂a", "∂r/∂s"])
    def test_an_answer_is_as_right(self, scripts: Page, ask: str) -> None:
        question = Question.read(Trace(load("fabc").graph), ask)
        texts = [f"{question.right:.{digits}g}" for digits in range(1, 17)]
        texts += [f"{question.right * factor:.{digits}g}" for factor in (1.004, 0.9996, -1) for digits in (3, 5, 17)]
        script = "([text, right]) => new Answer(text, () => undefined).isRight(right, 0)"
        for text in texts:
            assert scripts.evaluate(script, [text, float(question.exact)]) == question.judge(text).right, text


class TestEverybody:
    @pytest.mark.parametrize("scheme", ["dark", "light"])
    @pytest.mark.parametrize("width", [380, 1200])
    def test_axe_finds_nothing_in_a_training(
        self, browser: Browser, tmp_path: Path, scheme: Scheme, width: int
    ) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        with opened(browser, exported("logistic", tmp_path), width=width, scheme=scheme) as page:
            page.get_by_role("slider", name="epoch").fill("30")
            for details in page.locator("summary").all():
                if details.is_visible():
                    details.click()
            found = axe.run(page)
            assert found.violations_count == 0, found.generate_report()

    @pytest.mark.parametrize("scheme", ["dark", "light"])
    @pytest.mark.parametrize("width", [380, 1200])
    def test_axe_finds_nothing(self, browser: Browser, tmp_path: Path, scheme: Scheme, width: int) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
        with opened(browser, exported("fabc", tmp_path), width=width, scheme=scheme) as page:
            for keys in (
                [],
                ["ArrowRight"],
                ["End", "ArrowDown"],
                ["v"],
                ["?"],
                ["Escape", "Home", "P", "ArrowRight"],
                ["7", "Enter"],
            ):
                for key in keys:
                    page.keyboard.press(key)
                found = axe.run(page)
                assert found.violations_count == 0, found.generate_report()

    def test_a_step_is_read_out_in_words(self, fabc: Page) -> None:
        for _ in range(10):
            fabc.keyboard.press("ArrowRight")
        heard = fabc.locator(".taken [aria-live]").first.text_content() or ""
        assert "the derivative of f by s" in heard
        assert not set("∂·²=≈") & set(heard)

    def test_all_can_be_reached_by_the_tab_key(self, fabc: Page) -> None:
        reached: list[str] = []
        for _ in range(14):
            fabc.keyboard.press("Tab")
            reached.append(
                fabc.evaluate("document.activeElement.textContent || document.activeElement.getAttribute('aria-label')")
            )
        assert {"Step", "End", "Play", "Circuit", "All digits", "Keys", "step"} <= set(reached)

    def test_the_theme_can_be_changed(self, browser: Browser, tmp_path: Path) -> None:
        with opened(browser, exported("fabc", tmp_path), scheme="dark") as page:
            ground = "getComputedStyle(document.body).backgroundColor"
            dark = page.evaluate(ground)
            page.get_by_role("button", name="Light").click()
            assert page.evaluate(ground) != dark
            assert page.get_by_role("button", name="Dark").is_visible()
