"""Grading: files of answers as TOML and CSV, points, what was meant, and how all did."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradwalk.engine.errors import ScenarioError
from gradwalk.engine.exercise_set import load_exercises
from gradwalk.engine.reading.answer_file import read_answers
from gradwalk.engine.study.grading import Exercise, GradedSheet, Grader, Mark, Place, Sheet, overviews, spelt

A, B = Place("∂f/∂a"), Place("∂f/∂b")


def sheets(text: str, name: str = "answers.toml") -> dict[str, dict[Place, str]]:
    return {sheet.student: dict(sheet.answers) for sheet in read_answers(name, text.encode())}


class TestToml:
    def test_answers_of_one_person(self) -> None:
        found = sheets('"∂f/∂a" = "-1/9"\n"df/db" = -0.0409\nf = 1\n')
        assert found == {"": {A: "-1/9", B: "-0.0409", Place("f"): "1"}}

    def test_answers_of_several_in_lessons(self) -> None:
        found = sheets('[students.ada]\n"∂f/∂a" = 1\n[students.ada.chain]\n"∂f/∂a" = 2\n[students."Émilie"]\n')
        assert found == {"ada": {A: "1", Place("∂f/∂a", "chain"): "2"}, "Émilie": {}}
        assert sheets('[chain]\n"∂f/∂a" = 2\n') == sheets('"chain: ∂f/∂a" = 2\n')

    def test_the_digits_of_a_number_are_kept(self) -> None:
        assert list(sheets("f = 0.100\ng = 1_000.0\nh = 1e3\n")[""].values()) == ["0.100", "1000.0", "1e3"]

    @pytest.mark.parametrize(
        ("text", "line", "said"),
        [
            ('f = "1"\nf = 2\n', 2, "defined twice"),
            ('"df/da" = 1\n"∂f/∂a" = 2\n', 2, "∂f/∂a is answered twice"),
            ("f = true\n", 1, "an answer is a number, or an expression in quotes"),
            ("f = [1]\n", 1, "an answer is a number, or an expression in quotes"),
            ("f = 1\n[students.ada]\nf = 1\n", 1, "an answer stands in the table of a student"),
            ("[students]\nada = 3\n", 2, "this must be a table of answers"),
            ("[a.b]\nf = 1\n", 1, "an answer is a number, or an expression in quotes"),
            ("f = 1/9\n", 1, ""),
            ("", 0, "the file is empty"),
        ],
    )
    def test_what_cannot_be_read_has_a_place(self, text: str, line: int, said: str) -> None:
        with pytest.raises(ScenarioError) as error:
            sheets(text)
        assert error.value.line == line
        assert said in str(error.value)


class TestCsv:
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_a_row_for_each_answer_or_for_each_person(self, separator: str) -> None:
        long = "student,ask,answer\nada,∂f/∂a,-1/9\nada,df/db,3\nbob,∂f/∂a,\n"
        wide = "Student,∂f/∂a,df/db\nada,-1/9,3\nbob,,\n"
        expected = {"ada": {A: "-1/9", B: "3"}, "bob": {A: ""}}
        assert sheets(long.replace(",", separator), "a.csv") == expected
        expected["bob"][B] = ""
        assert sheets("\ufeff" + wide.replace(",", separator).replace("\n", "\r\n"), "a.CSV") == expected

    def test_lessons_and_cells_with_commas(self) -> None:
        place = Place("∂f/∂a", "chain")
        assert sheets('ask,answer,lesson\n∂f/∂a,"max(1, 2)",chain\n', "a.csv") == {"": {place: "max(1, 2)"}}
        assert sheets("student,chain: ∂f/∂a\nada,3\n", "a.csv") == {"ada": {place: "3"}}

    @pytest.mark.parametrize(
        ("text", "line", "said"),
        [
            ("", 0, "the file is empty"),
            ("student,ask\nada,f\n", 1, 'there is no column "answer"'),
            ("student\nada\n", 1, "no column names what is asked"),
            ("student,df/da,∂f/∂a\nada,1,2\n", 1, "two columns ask for the same"),
            ("student,f,f\nada,1,2\n", 1, 'two columns are called "f"'),
            ("student,f\nada,1\nada,2\n", 3, '"ada" has two rows'),
            ("f\n1\n2\n", 3, "somebody without a name has two rows"),
            ("ask,answer\nf,1\nf,2\n", 3, "f is answered twice"),
            ("ask,answer\n,1\n", 2, "this row does not say what it answers"),
            ("ask,answer\nf,max(1,2)\n", 2, "this row has 3 cells, but the header has 2"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_has_a_line(self, text: str, line: int, said: str) -> None:
        with pytest.raises(ScenarioError) as error:
            sheets(text, "a.csv")
        assert error.value.line == line
        assert said in str(error.value)


@pytest.fixture(scope="module")
def fabc() -> list[Exercise]:
    return load_exercises("fabc")


def graded(exercises: list[Exercise], answers: dict[str, str]) -> GradedSheet:
    return Grader(exercises).grade(Sheet("ada", {Place.read(ask): answer for ask, answer in answers.items()}))


class TestPoints:
    def test_right_answers_get_all_and_others_none(self, fabc: list[Exercise]) -> None:
        sheet = graded(fabc, {"∂f/∂a": "-1/9", "df/db": "+1/(9e)", "f": "1"})
        marks = {grade.exercise.place: grade for grade in sheet.grades}
        assert (marks[A].mark, marks[A].points) == (Mark.RIGHT, 1)
        assert (marks[B].mark, marks[B].points) == (Mark.WRONG, 0)
        assert marks[Place("∂f/∂c")].mark is Mark.MISSING
        assert (sheet.points, sheet.possible) == (1, len(fabc))

    def test_a_wrong_answer_has_its_diagnosis(self, fabc: list[Exercise]) -> None:
        (grade,) = (one for one in graded(fabc, {"∂f/∂b": "1/(9e)"}).grades if one.mark is Mark.WRONG)
        assert grade.verdict is not None
        assert "sign" in grade.verdict.mistakes

    def test_what_cannot_be_read_says_why(self, fabc: list[Exercise]) -> None:
        for answer, said in {"1/": "too early", "-1/z": '"z"', "9" * 20_000: "10,000 characters"}.items():
            (grade,) = (one for one in graded(fabc, {"∂f/∂a": answer}).grades if one.mark is not Mark.MISSING)
            assert (grade.mark, grade.points) == (Mark.UNREADABLE, 0)
            assert said in grade.problem

    def test_an_answer_to_what_is_not_asked(self, fabc: list[Exercise]) -> None:
        (one,) = graded(fabc, {"∂f/∂d": "1", "∂f/∂e": " "}).not_asked
        assert one.place == Place("∂f/∂d")
        assert "did you mean" in one.hint

    def test_lessons_that_ask_for_the_same_have_to_be_named(self, fabc: list[Exercise]) -> None:
        both = [Exercise(Place("∂f/∂a", lesson), fabc[0].task, 2.5) for lesson in ("one", "Two")]
        (unclear,) = graded(both, {"∂f/∂a": "-1/9"}).not_asked
        assert 'write "one: ∂f/∂a"' in unclear.hint
        assert graded(both, {"two: ∂f/∂a": "-1/9"}).points == 2.5

    def test_how_all_did(self, fabc: list[Exercise]) -> None:
        grader = Grader(fabc)
        done = [grader.grade(Sheet("", {B: answer})) for answer in ("1/(9e)", "1/(9e)", "-1/(9e)", "1/")]
        (overview,) = (one for one in overviews(fabc, done) if one.exercise.place == B)
        assert (overview.marks[Mark.WRONG], overview.marks[Mark.RIGHT], overview.marks[Mark.UNREADABLE]) == (2, 1, 1)
        assert overview.mistakes["sign"] == 2

    def test_what_is_asked_is_known_however_it_is_spelt(self) -> None:
        assert spelt("df/da") == spelt(" ∂f/∂a ") == "∂f/∂a"
        assert spelt("f( a,b )") == spelt("f(a,  b)") == "f(a, b)"
        assert spelt("df/da  formula") == "∂f/∂a formula"


class TestWhatIsGraded:
    def test_an_answer_is_judged_by_its_hash_where_there_is_no_other(self, tmp_path: Path) -> None:
        published = "2fb0a82d3fe965c8a0d9ce85970058d8"
        file = tmp_path / "hashed.toml"
        file.write_text(
            'title = "x"\n[inputs]\na = 3\n[graph]\nf = "1/a"\n[[exercise]]\nask = "∂f/∂a"\n'
            + f'hash = "{published}"\n',
            encoding="utf-8",
        )
        exercises = load_exercises(str(file))
        assert [graded(exercises, {"∂f/∂a": answer}).points for answer in ("-1/9", "-0.1111", "1/9")] == [1, 1, 0]

    def test_the_points_of_a_scenario_and_the_lessons_of_a_course(self, tmp_path: Path) -> None:
        square = 'title = "x"\n[inputs]\na = 3\n[graph]\nf = "a^2"\n'
        square += '[[exercise]]\nask = "∂f/∂a"\npoints = 2\n[[exercise]]\nask = "f"\n'
        (tmp_path / "square.toml").write_text(square, encoding="utf-8")
        (tmp_path / "course.toml").write_text(
            'title = "c"\n[[lesson]]\nscenario = "square.toml"\n'
            '[[lesson]]\nname = "two"\nscenario = "square.toml"\nexercises = ["∂f/∂a"]\n',
            encoding="utf-8",
        )
        found = [(str(one.place), one.points) for one in load_exercises(str(tmp_path / "square.toml"))]
        assert found == [("∂f/∂a", 2), ("f", 1)]
        both = square + 'formula = true\n[[exercise]]\nask = "∂f/∂a"\nformula = true\npoints = 3\n'
        (tmp_path / "both.toml").write_text(both, encoding="utf-8")
        exercises = load_exercises(str(tmp_path / "both.toml"))
        assert [(str(one.place), one.points) for one in exercises] == [("∂f/∂a", 2), ("f", 1), ("∂f/∂a formula", 3)]
        assert graded(exercises, {"∂f/∂a": "6", "f": "a*a", "df/da formula": "2*a"}).points == 6
        assert graded(exercises, {"∂f/∂a": "6", "f": "9", "df/da formula": "6"}).points == 2
        found = [(str(one.place), one.points) for one in load_exercises(str(tmp_path / "course.toml"))]
        assert found == [("square: ∂f/∂a", 2), ("square: f", 1), ("two: ∂f/∂a", 2)]
