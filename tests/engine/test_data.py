"""Columns of data: generated, listed or from a CSV file, they hold the numbers that the file says."""

from pathlib import Path

import numpy as np
import pytest
from gradwalk.engine.reading.scenario import read
from gradwalk.engine.training.scenario import TrainingScenario

from .training_files import fit, opened

DATA = "x = [1, 2, 3]\ny = [3, 5, 8]"


def with_data(*lines: str) -> TrainingScenario:
    return opened(fit((DATA, "\n".join(lines))))


class TestGenerators:
    def test_the_same_seed_makes_the_same_data(self):
        lines = "samples = 50", 'x = "uniform(0, 1)"', 'y = "normal()"'
        one, same, other = with_data("seed = 4", *lines), with_data("seed = 4", *lines), with_data("seed = 5", *lines)
        assert np.array_equal(one.data["x"], same.data["x"])
        assert np.array_equal(one.data["y"], same.data["y"])
        assert not np.isin(one.data["x"], other.data["x"]).any()

    def test_uniform_lies_between_its_limits_and_spreads_over_them(self):
        x = with_data("samples = 2000", 'x = "uniform(-3, 5)"', 'y = "x"').data["x"]
        assert -3 <= x.min() < -2.9
        assert 4.9 < x.max() < 5
        assert x.mean() == pytest.approx(1, abs=4 * (8 / 12**0.5) / 2000**0.5)

    def test_normal_has_mean_0_and_standard_deviation_1(self):
        x = with_data("samples = 10000", 'x = "normal()"', 'y = "x"').data["x"]
        assert x.mean() == pytest.approx(0, abs=4 / 10000**0.5)
        assert x.std() == pytest.approx(1, abs=4 / 20000**0.5)

    def test_two_draws_are_not_the_same(self):
        data = with_data("samples = 20", 'x = "normal()"', 'y = "normal()"').data
        assert not np.isin(data["x"], data["y"]).any()

    def test_linspace_is_even_with_both_ends(self):
        assert with_data("samples = 5", 'x = "linspace(-1, 3)"', 'y = "x"').data["x"].tolist() == [-1, 0, 1, 2, 3]

    def test_cycle_takes_turns(self):
        assert with_data("samples = 5", 'x = "cycle(1, 0, -1)"', 'y = "x"').data["x"].tolist() == [1, 0, -1, 1, 0]

    def test_the_limits_may_be_columns(self):
        data = with_data('x = "uniform(y, y + 1)"', "y = [10, 20, 30]").data
        assert (data["x"] >= data["y"]).all()
        assert (data["x"] <= data["y"] + 1).all()

    def test_the_notebook_s_data_lie_around_its_line(self):
        data = with_data("samples = 10", "seed = 1", 'x = "uniform(-10, 10)"', 'y = "10 + 5*x + 3*normal()"').data
        noise = (data["y"] - 10 - 5 * data["x"]) / 3
        assert np.abs(noise).max() < 4
        assert noise.std() > 0.3


class TestExpressions:
    def test_columns_may_use_each_other_in_any_order(self):
        data = with_data('x = "2*u"', 'u = "y + 1"', "y = [3, 5, 8]").data
        assert data["x"].tolist() == [8, 12, 18]
        assert set(data) == {"x", "y"}, "u is only a step on the way"

    def test_a_number_is_the_same_for_each_sample(self):
        assert with_data("x = 4", "y = [3, 5, 8]").data["x"].tolist() == [4, 4, 4]

    def test_sum_and_mean_of_a_column_run_over_all_samples(self):
        data = with_data('x = "(y - mean(y))/sum(y)"', "y = [1, 2, 6]").data
        assert data["x"].tolist() == pytest.approx([-2 / 9, -1 / 9, 3 / 9])

    def test_sum_and_mean_of_several_columns_run_over_them(self):
        assert with_data('x = "mean(y, 2*y, 0) + max(y, 4)"', "y = [3, 5, 8]").data["x"].tolist() == [7, 10, 16]

    def test_a_column_called_e_is_no_longer_the_constant(self):
        scenario = opened(fit((DATA, "e = [1, 2, 3]\ny = [3, 5, 8]"), ('"b + w*x"', '"b + w*e"')))
        assert scenario.data["e"].tolist() == [1, 2, 3]
        assert scenario.predict(np.array([2.0, 1.0]), {"e": np.array([10.0])}).tolist() == [21]

    def test_constants_are_there_otherwise(self):
        assert with_data('x = "cos(pi) + ln(e)"', "y = [3, 5, 8]").data["x"].tolist() == pytest.approx([0, 0, 0])


class TestCsv:
    FILE = fit((DATA, 'csv = "points.csv"'))

    def columns(self, folder: Path, content: bytes, text: str = FILE) -> dict[str, list[float]]:
        (folder / "points.csv").write_bytes(content)
        return {name: column.tolist() for name, column in opened(text, folder).data.items()}

    @pytest.mark.parametrize(
        "content",
        [
            b"x,y\n1,3\n-2.5,1e3\n",
            b"x,y\n1,3\n-2.5,1e3",
            b"\xef\xbb\xbfx,y\r\n1,3\r\n-2.5,1e3\r\n",
            b"x,y\r1,3\r-2.5,1e3\r",
            b' x , y \n 1,  3\n\n"-2.5" ,"1000"\n , \n',
            b"name,y,x\nfirst,3,1\nsecond,1000,-2.5\n",
        ],
        ids=["plain", "no last line end", "Windows", "old Mac", "blanks and quotes", "a text column that nothing uses"],
    )
    def test_is_read(self, tmp_path: Path, content: bytes):
        assert self.columns(tmp_path, content) == {"x": [1, -2.5], "y": [3, 1000]}

    def test_names_with_blanks_are_written_with_an_underscore(self, tmp_path: Path):
        text = self.FILE.replace("w*x", "w*petal_length_cm").replace("- y", "- _2nd")
        columns = self.columns(tmp_path, b"petal length (cm),2nd\n1,3\n", text)
        assert columns == {"petal_length_cm": [1], "_2nd": [3]}

    def test_its_columns_mix_with_computed_ones_and_lists(self, tmp_path: Path):
        text = fit((DATA, 'csv = "points.csv"\nx = "a*100"\ny = [3, 5]'))
        assert self.columns(tmp_path, b"a\n1\n2\n", text) == {"x": [100, 200], "y": [3, 5]}

    def test_the_file_lies_beside_the_scenario_wherever_that_is_opened_from(self, tmp_path: Path, monkeypatch):
        (tmp_path / "points.csv").write_text("x,y\n1,3\n")
        (tmp_path / "mine.toml").write_text(self.FILE)
        monkeypatch.chdir("/")
        scenario = read(str(tmp_path / "mine.toml"), (tmp_path / "mine.toml").read_bytes(), tmp_path)
        assert isinstance(scenario, TrainingScenario)
        assert scenario.data["x"].tolist() == [1]
