"""`%load_ext gradwalk` and `%gradwalk expression`, and what a notebook shows below a cell."""

from __future__ import annotations

from typing import Any

import pytest
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.scalar import Scalar
from gradwalk.tui.notebook import in_a_notebook
from gradwalk.tui.notebook_magic import walk_of_line


def line(text: str, **variables: Any):
    return walk_of_line(text, variables, lambda expression: eval(expression, dict(variables)))


class TestALine:
    def test_is_an_expression_with_its_values(self):
        assert line("x*y + 1 x=2 y=1/4").gradients == {"x": 0.25, "y": 2.0}
        assert line("  x*y   x = 2  y=e ").gradients["y"] == 2.0

    def test_takes_values_that_it_does_not_name_from_the_notebook(self):
        assert line("x*y", x=2, y=0.5, z="other").gradients == {"x": 0.5, "y": 2.0}
        assert line("x*y y=3", x=2, y=0.5).gradients == {"x": 3.0, "y": 2.0}

    def test_may_name_what_was_calculated_with_scalars(self):
        x = Scalar(3.0, "x")
        assert line("loss", loss=x * x).gradients == {"x": 6.0}
        assert line("x*x + 1", x=x).gradients == {"x": 6.0}
        assert line("loss", loss=x * x).scenario.title == "loss, from Python"

    def test_may_be_python_that_gives_one(self):
        x = Scalar(3.0, "x")
        assert line("f(x)[0]", f=lambda x: [x * x], x=x).gradients == {"x": 6.0}

    def test_may_be_the_name_of_a_scenario_unless_the_notebook_has_it(self):
        assert line("fabc").scenario.title.startswith("Pen and paper")
        assert line("fabc", fabc=Scalar(2.0, "q") * 3).gradients == {"q": 3.0}

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "write %gradwalk x*y + sin(x) x=2 y=5"),
            ("x*y x=2 x=3", "x is given twice"),
            ("x*z x=2", '"z" has no value'),
            ("n", "n is a plain number, with no operation to walk"),
            ("s + sin(s)", "with a Scalar x write x.sin() or numpy.sin(x)"),
            ("s*t t=3", "s*t has its numbers already, so no value can be given to t"),
            ("x*) x=2", "x*)"),
        ],
    )
    def test_that_cannot_be_walked_is_told_what_to_write(self, text: str, said: str):
        with pytest.raises(GradwalkError) as raised:
            line(text, s=Scalar(1.0, "s"), t=Scalar(2.0, "t"), n=3)
        assert said in str(raised.value)


def test_a_script_is_no_notebook():
    assert not in_a_notebook()


@pytest.mark.notebook
class TestIPython:
    @pytest.fixture(scope="class")
    def shell(self):
        pytest.importorskip("IPython")
        from IPython.core.interactiveshell import InteractiveShell

        shell = InteractiveShell.instance()
        shell.run_line_magic("load_ext", "gradwalk")
        yield shell
        shell.run_line_magic("unload_ext", "gradwalk")
        assert shell.find_line_magic("gradwalk") is None
        InteractiveShell.clear_instance()

    def test_has_the_magic_command_once_it_is_loaded(self, shell: Any):
        shell.run_cell("x = 2.0")
        result = shell.run_cell("%gradwalk x*y + 1 y=5").result
        assert result.gradients == {"x": 5.0, "y": 2.0}

    def test_says_in_one_line_what_is_wrong(self, shell: Any, capsys: pytest.CaptureFixture[str]):
        shell.run_cell("%gradwalk 1 +")
        captured = capsys.readouterr()
        assert "UsageError" in captured.err
        assert "Traceback" not in captured.err + captured.out

    def test_shows_text_where_it_has_no_pages(self, shell: Any):
        data, _ = shell.display_formatter.format(line("x*x x=2"))
        assert data["text/plain"].startswith("<Walk of x*x: ")
        assert not in_a_notebook()


CELLS = [
    "from gradwalk import Scalar, show, walk\nx = Scalar(3.0, 'x')\nwalk(x * x)",
    "show(x * x)",
    "print(walk(x * x))",
    "%load_ext gradwalk",
    "%gradwalk a*b a=2 b=5",
    "import threading\nthread = threading.Thread(target=lambda: show(x * x)); thread.start(); thread.join()",
    "%gradwalk 1 +",
    "walk(x * x).to_svg()[:4]",
    "from gradwalk import scalars\nwalk((scalars('W', [1.0, 2.0]) ** 2).sum()).show(arrays=True)",
]


@pytest.mark.notebook
@pytest.mark.thorough
def test_a_jupyter_kernel_shows_the_page_below_the_cell():
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    nbclient.NotebookClient(book, timeout=60, allow_errors=True, kernel_name="python3").execute()
    outputs = [cell.outputs for cell in book.cells]
    for shown, steps in ((outputs[0], "4 steps"), (outputs[1], "4 steps"), (outputs[4], "4 steps"), (outputs[5], "4")):
        (output,) = shown
        assert output["data"]["text/html"].startswith("<iframe ")
        assert steps in output["data"]["text/plain"]
    assert "∂t1/∂x = 6" in outputs[2][0]["text"]
    assert outputs[3] == []
    assert "UsageError" in str(outputs[6])
    (picture,) = outputs[7]
    assert picture["data"] == {"text/plain": "'<svg'"}
    (printed,) = outputs[8]
    assert "/∂W = " in printed["text"]
