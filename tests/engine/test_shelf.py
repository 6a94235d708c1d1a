"""Cards, and a shelf of one's own files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from gradwalk.engine import shelf as module
from gradwalk.engine.card import read_card
from gradwalk.engine.errors import GradwalkError
from gradwalk.engine.library import library, load
from gradwalk.engine.shelf import Shelf, is_list

BODY = '[inputs]\na = 2\n[graph]\nf = "2*a"\n'


def write(folder: Path, name: str, head: str = "", title: str = "T") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'title = "{title}"\n{head}\n{BODY}', encoding="utf-8")
    return path


def names(*places: Path | str) -> list[str]:
    return [card.name for card in Shelf(list(map(str, places))).listing().cards]


class TestCards:
    def test_a_card_says_what_the_scenario_does(self) -> None:
        for card in library():
            scenario = load(card.name)
            assert (card.title, card.summary, card.order) == (scenario.title, scenario.summary, scenario.order)
            assert card.section == ("Models to train" if scenario.is_trained else "Functions to walk through")

    def test_what_looks_like_a_table_in_a_text_is_none(self) -> None:
        head = 'intro = """\nTake [a]\n[b] is no table\n[c]\n"""\nwatch = [\n["x"],\n]\ntitle = "T"\norder = 7\n'
        card = read_card(head + BODY, "mine")
        assert (card.title, card.order, card.problem) == ("T", 7, "")

    def test_only_the_beginning_is_read(self) -> None:
        assert read_card('title = "T"\n[inputs]\nthis is = no = toml', "mine").problem == ""

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("title = T\n" + BODY, "this is no TOML"),
            ("title = 3\n" + BODY, "title, summary and section are texts"),
            ('title = "T"\norder = "first"\n', "order is a number"),
            (BODY, "it has no title"),
        ],
    )
    def test_what_is_wrong_is_said(self, text: str, problem: str) -> None:
        assert problem in read_card(text, "mine").problem


class TestFolders:
    def test_sections_are_keys_and_folders_and_numbers_in_names_count(self, tmp_path: Path) -> None:
        write(tmp_path, "week 10/a.toml")
        write(tmp_path, "week 9/lesson10.toml")
        write(tmp_path, "week 9/lesson9.toml")
        write(tmp_path, "z.toml", "order = 1")
        write(tmp_path, "a.toml", 'section = "Warm up"')
        write(tmp_path, "week 9/deep/x.toml", 'section = "Warm up"')
        cards = Shelf([str(tmp_path)]).listing().cards
        assert [(card.section, card.name) for card in cards] == [
            ("", "z"),
            ("Warm up", "a"),
            ("Warm up", "x"),
            ("week 9", "lesson9"),
            ("week 9", "lesson10"),
            ("week 10", "a"),
        ]
        assert all(load(card.place).title == "T" for card in cards)

    def test_what_is_no_scenario_is_left_out_and_what_is_broken_is_not(self, tmp_path: Path) -> None:
        write(tmp_path, "good.toml")
        write(tmp_path, ".hidden/never.toml")
        (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n')
        (tmp_path / "notes.txt").write_text("title = 1")
        (tmp_path / "broken.toml").write_text("title = \n" + BODY)
        (tmp_path / "gone.toml").symlink_to(tmp_path / "nowhere")
        found = {card.name: card.problem for card in Shelf([str(tmp_path)]).listing().cards}
        assert found["good"] == ""
        assert "no TOML" in found["broken"]
        assert "cannot be read" in found["gone"]
        assert set(found) == {"good", "broken", "gone"}

    def test_a_folder_that_leads_to_itself_is_no_trap(self, tmp_path: Path) -> None:
        write(tmp_path, "a.toml")
        (tmp_path / "again").symlink_to(tmp_path)
        assert names(tmp_path) == ["a"]

    def test_more_files_than_are_listed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in range(5):
            write(tmp_path, f"{number}.toml")
        monkeypatch.setattr(module, "MOST_FILES", 3)
        listing = Shelf([str(tmp_path)]).listing()
        assert ([card.name for card in listing.cards], listing.cut) == (["0", "1", "2"], True)

    @pytest.mark.parametrize("place", ["", "nowhere", "nowhere.toml"])
    def test_a_place_without_scenarios_is_a_sentence(self, tmp_path: Path, place: str) -> None:
        with pytest.raises(GradwalkError, match=r"there is no (scenario in|file or folder)"):
            Shelf([str(tmp_path / place)]).listing()


class TestFilesOneByOne:
    def test_their_order_decides_and_then_that_of_the_command(self, tmp_path: Path) -> None:
        b, a = write(tmp_path, "b.toml"), write(tmp_path, "a.toml")
        first = write(tmp_path, "first.toml", "order = 1")
        assert names(b, a, first, "fabc", a) == ["first", "b", "a", "fabc"]

    def test_one_that_is_in_a_folder_too_is_listed_once(self, tmp_path: Path) -> None:
        assert names(write(tmp_path, "x.toml"), tmp_path) == ["x"]

    def test_what_is_a_list_to_choose_from(self, tmp_path: Path) -> None:
        path = str(write(tmp_path, "a.toml"))
        assert is_list([str(tmp_path)])
        assert is_list([path, path])
        assert not is_list([path])
        assert not is_list(["fabc"])


class TestChanges:
    def test_a_changed_file_is_read_anew_and_another_is_not(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a, b = write(tmp_path, "a.toml"), write(tmp_path, "b.toml")
        shelf = Shelf([str(tmp_path)])
        shelf.listing()
        read: list[str] = []
        really = module.read_card
        monkeypatch.setattr(
            module, "read_card", lambda text, name, path: (read.append(name), really(text, name, path))[1]
        )
        write(tmp_path, "a.toml", title="Another")
        os.utime(a, ns=(1, 1))
        assert [card.title for card in shelf.listing().cards] == ["Another", "T"]
        assert read == ["a"]
        b.unlink()
        assert [card.name for card in shelf.listing().cards] == ["a"]
