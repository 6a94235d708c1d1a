"""Stories of the screens, told with Textual's Pilot."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from gradwalk.engine.library import load
from gradwalk.engine.reading.arguments import from_expression
from gradwalk.engine.walk.trace import Trace
from gradwalk.tui.app import GradwalkApp
from gradwalk.tui.bindings import active_keys
from gradwalk.tui.keymap import bindings
from gradwalk.tui.screens.goto import GotoScreen
from gradwalk.tui.screens.help import HelpScreen
from gradwalk.tui.screens.library import LibraryScreen
from gradwalk.tui.screens.train import TrainScreen
from gradwalk.tui.screens.walk import WalkScreen
from gradwalk.tui.session import Session
from gradwalk.tui.settings import SettingsFile
from gradwalk.tui.walk.keys import FIRST_KEYS
from gradwalk.tui.walk.moment import Moment
from gradwalk.tui.walk.step_panel import StepPanel
from gradwalk.tui.widgets.scenario_list import ScenarioList
from gradwalk.tui.words.lines import plain
from gradwalk.tui.words.walk import moment_lines
from textual.command import CommandPalette
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.widgets import Input

from .pilots import WALKS, HeldClock, command, cursor, lines, notices, opened, text, tree, walk
from .training import training_ready, until


async def go_out_and_back(pilot: Pilot[None]) -> list[str]:
    """Walk to the end and back; return the screens on the way out, having seen them again on the way back."""
    out = [text(pilot)]
    for _ in range(walk(pilot).opened.trace.total):
        command(pilot, "forward")
        await pilot.pause()
        out.append(text(pilot))
    for expected in out[-2::-1]:
        command(pilot, "back")
        await pilot.pause()
        assert text(pilot) == expected
    assert len(set(out)) == len(out)
    return out


class TestStepping:
    async def test_the_right_arrow_alone_walks_to_the_end_and_the_left_arrow_back_over_the_same_screens(self) -> None:
        async with opened("fabc", size=(120, 40)) as pilot:
            out = [text(pilot)]
            for _ in range(13):
                await pilot.press("right")
                out.append(text(pilot))
            for line in ("f = 0.6667", "∂f/∂a = -0.1111", "∂f/∂b = -0.0409", "∂f/∂c = -0.1111"):
                assert line in out[-1]
            assert len(set(out)) == 14
            for expected in out[-2::-1]:
                await pilot.press("left")
                assert text(pilot) == expected

    @pytest.mark.thorough
    @pytest.mark.parametrize(
        ("name", "size"), [*((name, (80, 24)) for name in WALKS), ("ehg", (60, 20)), ("square", (60, 20))]
    )
    async def test_each_screen_on_the_way_back_is_the_one_on_the_way_out(
        self, name: str, size: tuple[int, int]
    ) -> None:
        async with opened(name, size) as pilot:
            await go_out_and_back(pilot)

    @pytest.mark.thorough
    async def test_a_deep_graph_scrolls_to_the_step_and_back_the_same_way(self) -> None:
        expression = "x"
        for _ in range(25):
            expression = f"tanh({expression})"
        async with opened(expression, (60, 20), {"x": "1"}) as pilot:
            screens = await go_out_and_back(pilot)
        for screen in screens[1:]:
            assert sum(line.startswith("▶") for line in screen.split("\n")) == 1

    async def test_every_key_that_moves_goes_where_it_says(self) -> None:
        places: list[tuple[str, int]] = [
            ("right", 1), ("l l", 2), ("l l h", 1), ("left", 0), ("end", 13), ("end right", 13), ("dollar_sign", 13),
            ("end home", 0), ("end 0", 0), ("right_square_bracket", 6),
            ("right_square_bracket right_square_bracket", 13),
            ("end left_square_bracket", 6), ("end left_square_bracket left_square_bracket", 0),
            ("right_square_bracket n", 8), ("n n", 2), ("shift+right", 1), ("end p", 12),
            ("right_square_bracket n shift+left", 6), ("n n p", 1),
        ]  # fmt: skip
        async with opened("fabc") as pilot:
            for keys, place in places:
                command(pilot, "start")
                await pilot.press(*keys.split())
                assert (keys, cursor(pilot)) == (keys, place)
                assert ("start" if not place else f"step {place} of 13") in text(pilot)

    async def test_before_its_turn_nothing_is_shown_as_zero(self) -> None:
        async with opened("fabc") as pilot:
            rows = lines(pilot)[3:11]
            assert all(row.split()[-1] == "?" for row in rows)


class TestPlaying:
    async def test_space_plays_at_one_step_a_second_and_pauses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = HeldClock(monkeypatch)
        async with opened("fabc") as pilot:
            await pilot.press("space")
            assert clock.interval == 1
            assert "▶ 1/s" in text(pilot)
            clock.tick()
            clock.tick()
            await pilot.pause()
            assert "step 2 of 13" in text(pilot)
            await pilot.press("space")
            assert clock.interval is None
            assert "/s" not in lines(pilot)[1]
            assert cursor(pilot) == 2

    async def test_plus_and_minus_change_the_speed_also_while_playing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = HeldClock(monkeypatch)
        async with opened("fabc") as pilot:
            await pilot.press("plus", "space")
            assert clock.interval == 1 / 2
            await pilot.press("equals_sign")
            assert clock.interval == 1 / 4
            await pilot.press("minus", "minus", "minus")
            assert clock.interval == 2
            assert "▶ 0.5/s" in text(pilot)

    async def test_it_stops_at_the_end_where_space_says_so_and_then_begins_anew(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock = HeldClock(monkeypatch)
        async with opened("ab1") as pilot:
            await pilot.press("space")
            for _ in range(walk(pilot).opened.trace.total):
                clock.tick()
            assert clock.interval is None
            end = cursor(pilot)
            for keys in (["space"], ["down", "space"]):
                await pilot.press(*keys)
                assert (cursor(pilot), clock.interval) == (end, None), "something else was done in between"
                assert notices(pilot)[-1].startswith("The walk is at its end.")
            await pilot.press("space")
            assert cursor(pilot) == 0
            assert clock.interval == 1

    async def test_a_step_by_hand_stops_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = HeldClock(monkeypatch)
        async with opened("fabc") as pilot:
            await pilot.press("space")
            clock.tick()
            await pilot.press("left")
            assert cursor(pilot) == 0
            assert clock.interval is None

    async def test_help_and_questions_hold_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = HeldClock(monkeypatch)
        async with opened("fabc") as pilot:
            await pilot.press("space", "question_mark")
            assert clock.interval is None
            await pilot.press("escape")
            assert clock.interval == 1

    async def test_leaving_ends_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = HeldClock(monkeypatch)
        async with opened("fabc") as pilot:
            await pilot.press("space", "escape")
            await pilot.pause()
            assert isinstance(pilot.app.screen, LibraryScreen)
            assert clock.interval is None

    async def test_a_resize_while_playing_changes_nothing_but_the_layout(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = HeldClock(monkeypatch)
        async with opened("fabc") as pilot:
            await pilot.press("space")
            for size in ((120, 40), (60, 20), (40, 10), (80, 24)):
                clock.tick()
                await pilot.resize_terminal(*size)
                await pilot.pause()
            assert "step 4 of 13" in text(pilot)
            assert clock.interval == 1

    async def test_a_real_clock_ticks(self) -> None:
        async with opened("ab1") as pilot:
            await pilot.press(*["plus"] * 6, "space")
            while walk(pilot).moment.playing:
                await pilot.pause(0.01)
            assert cursor(pilot) == 6


class TestGoingTo:
    async def test_a_number_or_a_name(self) -> None:
        async with opened("fabc") as pilot:
            for typed, place in (("7", 7), ("0", 0), ("13", 13), (" 1_3 ", 13), ("s", 2), ("f", 5), ("a", 11)):
                command(pilot, "go-to")
                await pilot.pause()
                pilot.app.screen.query_one(Input).value = typed
                await pilot.press("enter")
                await pilot.pause()
                assert (typed, cursor(pilot)) == (typed, place)

    async def test_a_slip_says_what_would_be_right_and_asks_again(self) -> None:
        slips = {
            "14": "this walk ends at step 13",
            "99999999999999999999": "this walk ends at step 13",
            "zz": 'no node is called "zz"; find looks for a part of a name',
            "-1": 'no node is called "-1"',
            "[b]": 'no node is called "[b]"',
            "": "type a number or a name",
        }
        async with opened("fabc") as pilot:
            await pilot.press("g")
            for typed, said in slips.items():
                pilot.app.screen.query_one(Input).value = typed
                await pilot.press("enter")
                await pilot.pause()
                assert isinstance(pilot.app.screen, GotoScreen)
                assert said in text(pilot)
            await pilot.press("escape")
            assert cursor(pilot) == 0

    async def test_a_key_that_is_typed_there_does_not_move_the_walk(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("g", "l", "q", "t", "question_mark")
            assert pilot.app.screen.query_one(Input).value == "lqt?"
            await pilot.press("escape")
            assert cursor(pilot) == 0

    async def test_enter_goes_to_the_steps_that_write_the_selected_node_in_turn(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("down", "down", "enter")
            assert cursor(pilot) == 2
            await pilot.press("w")
            assert cursor(pilot) == 10
            await pilot.press("enter")
            assert cursor(pilot) == 2


class TestTheTree:
    def selected(self, pilot: object) -> str:
        marked = [line for line in lines(pilot) if line.startswith(">")]  # type: ignore[arg-type]
        assert len(marked) == 1
        return marked[0].lstrip("> │├└─▾▸").split()[0]

    async def test_the_selection_moves_with_arrows_and_letters_and_stops_at_the_ends(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("up")
            assert self.selected(pilot) == "f"
            await pilot.press("down", "j", "j")
            assert self.selected(pilot) == "a"
            await pilot.press("k", "up")
            assert self.selected(pilot) == "r"
            await pilot.press("pagedown", "down")
            assert self.selected(pilot) == "c"
            await pilot.press("pageup")
            assert self.selected(pilot) == "f"

    async def test_a_branch_folds_and_unfolds(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("down", "o")
            assert "▸ r" in text(pilot)
            assert " ▾ s" not in text(pilot)
            await pilot.press("right")
            assert [line for line in lines(pilot) if line.startswith("▷")]
            await pilot.press("o")
            assert "▾ s" in text(pilot)

    async def test_all_branches_fold_and_unfold(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("O")
            assert [line.split("=")[0].strip(" >├└─") for line in lines(pilot)[3:6]] == ["▾ f", "▸ r", "▸ q"]
            await pilot.press("O")
            assert "▾ l" in text(pilot)

    async def test_a_reference_leads_to_the_place_where_its_node_expands(self) -> None:
        async with opened("x*y + sin(x)", values={"x": "2", "y": "5"}) as pilot:
            await pilot.press(*["down"] * 5)
            assert "↗" in next(line for line in lines(pilot) if line.startswith(">"))
            await pilot.press("r")
            assert "↗" not in next(line for line in lines(pilot) if line.startswith(">"))
            assert self.selected(pilot) == "x"

    async def test_a_reference_opens_the_fold_that_hides_the_place(self) -> None:
        async with opened("x*y + sin(x)", values={"x": "2", "y": "5"}) as pilot:
            await pilot.press("down", "o", "down", "down", "r")
            assert self.selected(pilot) == "x"
            assert "▸" not in text(pilot)

    async def test_the_selection_moves_the_view_by_just_as_many_rows_as_it_must(self) -> None:
        async with opened("ehg", size=(60, 20)) as pilot:
            view = tree(pilot)
            height, count = view.size.height, len(view.rows.sight)
            assert height < count
            for moved in range(count - 1):
                assert view.scroll_offset.y == max(0, moved - height + 1)
                await pilot.press("down")
            for left in range(count - 1, 0, -1):
                assert view.scroll_offset.y == min(count - height, left)
                await pilot.press("up")

    async def test_a_node_that_is_folded_away_stays_selected_and_what_hides_it_is_marked(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("down", "down")
            chosen = walk(pilot).moment
            await pilot.press("O")
            assert self.selected(pilot) == "r"
            assert walk(pilot).moment is chosen, "folding changes how the moment is drawn, not what it is"
            await pilot.press("o")
            assert self.selected(pilot) == "s"

    async def test_a_moment_whose_selected_node_is_another_one_than_before_opens_what_hides_it(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("O")
            screen = walk(pilot)
            screen.moment = screen.moment.selecting(screen.moment.trace.graph.find("l"))
            await pilot.pause()
            assert self.selected(pilot) == "l"

    async def test_what_is_found_again_is_shown_again_where_it_was_folded_away(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("slash", *"ln(", "enter")
            await pilot.pause()
            assert self.selected(pilot) == "l"
            await pilot.press("O")
            assert self.selected(pilot) == "r"
            await pilot.press("full_stop")
            await pilot.pause()
            assert self.selected(pilot) == "l"

    async def test_another_trace_of_the_same_graph_is_drawn_with_its_own_numbers(self) -> None:
        async with opened("x*y + 3", values={"x": "2", "y": "5"}) as pilot:
            await pilot.press("end")
            other = from_expression("x*y + 4", {"x": "7", "y": "5"})
            screen = walk(pilot)
            screen.pane.show(Moment(Trace(other.graph), cursor=screen.moment.cursor))
            await pilot.pause()
            row = lines(pilot)[3]
            assert "f = x·y + 4" in row
            assert " 39 " in row

    async def test_text_is_scrolled_at_once(self) -> None:
        async with opened("fabc") as pilot:
            command(pilot, "scroll-down")
            assert walk(pilot).query_one(StepPanel).scroll_offset.y == 1, "without waiting for a single frame"

    async def test_long_steps_scroll(self) -> None:
        async with opened("fabc") as pilot:
            assert "J for more" in text(pilot)
            assert "Only q depends on c" not in text(pilot)
            await pilot.press(*["J"] * 4)
            assert "Only q depends on c" in text(pilot)
            await pilot.press(*["shift+up"] * 4)
            assert "Only q depends on c" not in text(pilot)
            await pilot.press("right")
            assert "for more" not in text(pilot)


class TestTheMouse:
    async def test_a_click_selects_a_row_and_a_second_one_goes_to_where_it_is_written(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.click("#tree", offset=(20, 2))
            assert lines(pilot)[5].startswith(">")
            assert cursor(pilot) == 0
            await pilot.click("#tree", offset=(20, 2))
            assert cursor(pilot) == 2

    async def test_a_click_on_a_marker_folds(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.click("#tree", offset=(4, 1))
            assert "▸ r" in text(pilot)
            await pilot.click("#tree", offset=(4, 1))
            assert "▾ r" in text(pilot)
            assert cursor(pilot) == 0

    async def test_a_click_below_the_rows_does_nothing(self) -> None:
        async with opened("ab1", size=(80, 40)) as pilot:
            before = text(pilot)
            await pilot.click("#tree", offset=(4, 15))
            assert text(pilot) == before

    async def test_a_click_on_a_key_is_the_key(self) -> None:
        async with opened("fabc") as pilot:
            bar = lines(pilot)[-1]
            await pilot.click(offset=(bar.index("Step"), 23))
            assert cursor(pilot) == 1
            await pilot.click(offset=(bar.index("Back"), 23))
            assert cursor(pilot) == 0
            await pilot.click(offset=(bar.index("Library"), 23))
            await pilot.pause()
            assert isinstance(pilot.app.screen, LibraryScreen)

    async def test_a_click_on_the_position_goes_there_and_dragging_goes_on(self) -> None:
        async with opened("fabc") as pilot:
            line = lines(pilot)[1]
            first, last = line.index("─"), line.rindex("─")
            await pilot.click(offset=(last, 1))
            await pilot.pause()
            assert cursor(pilot) == 13, "the last cell is the end"
            line = lines(pilot)[1]
            await pilot.click(offset=(line.index("━"), 1))
            await pilot.pause()
            assert cursor(pilot) == 0, "the first cell is the start"
            await pilot.click(offset=((first + last) // 2, 1))
            await pilot.pause()
            assert cursor(pilot) in (6, 7)
            await pilot.mouse_down(offset=(first + 5, 1))
            await pilot.hover(offset=(10, 8))
            await pilot.pause()
            assert cursor(pilot) == 0, "it is dragged to the left of the bar, whatever is below the mouse"
            await pilot.mouse_up(offset=(10, 8))
            await pilot.hover(offset=(last, 8))
            await pilot.pause()
            assert cursor(pilot) == 0, "nothing is dragged any more"

    async def test_a_click_beside_the_bar_does_nothing(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right")
            for column in (3, 79):
                await pilot.click(offset=(column, 1))
            await pilot.pause()
            assert cursor(pilot) == 1

    async def test_a_click_on_the_position_ends_playing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = HeldClock(monkeypatch)
        async with opened("fabc") as pilot:
            await pilot.press("space")
            await pilot.click(offset=(40, 1))
            await pilot.pause()
            assert cursor(pilot) > 0
            assert clock.interval is None

    async def test_a_click_opens_a_scenario(self) -> None:
        async with opened(None) as pilot:
            row = next(y for y, line in enumerate(lines(pilot)) if line.startswith("  chain"))
            await pilot.click(offset=(20, row + 1))
            await pilot.pause()
            assert walk(pilot).opened.scenario.name == "chain"


class TestNotices:
    async def test_one_takes_the_place_of_another_so_that_the_numbers_stay_in_sight(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("f", "end", "space", "f")
            assert [notice.message[:26] for notice in pilot.app._notifications] == ["There is no breakpoint: x "]


class TestCopying:
    @pytest.mark.parametrize("key", ["c", "y"])
    async def test_the_step_s_text_is_on_the_clipboard(self, key: str) -> None:
        async with opened("fabc") as pilot:
            await pilot.press(*["right"] * 10, key)
            scenario = load("fabc")
            words = plain(moment_lines(scenario, Trace(scenario.graph, scenario.notes).state(10)))
            assert pilot.app.clipboard == f"backward · step 10 of 13\n{words}\n"
            assert notices(pilot) == ["This step was sent to the terminal, for its clipboard."]


class TestSizes:
    @pytest.mark.parametrize("what", ["fabc", None])
    async def test_a_window_that_is_too_small_says_so_and_nothing_else(self, what: str | None) -> None:
        async with opened(what, size=(8, 3)) as pilot:
            for size in ((8, 3), (20, 6), (59, 20), (60, 19)):
                await pilot.resize_terminal(*size)
                await pilot.pause()
                shown = " ".join(text(pilot).split())
                assert shown
                assert "gradwalk needs a window of 60x20: make it larger".startswith(shown[:30])
            await pilot.resize_terminal(60, 20)
            await pilot.pause()
            assert "q Quit" in text(pilot)

    async def test_every_key_in_the_bar_is_whole_and_the_way_out_is_always_there(self) -> None:
        async with opened("fabc") as pilot:
            known = {
                f"{pilot.app.get_key_display(bound.binding)} {bound.binding.description}"
                for bound in active_keys(pilot.app.screen).values()
            }
            counts: list[int] = []
            for size in ((60, 20), (80, 24), (99, 29), (100, 30), (120, 40), (200, 60)):
                await pilot.resize_terminal(*size)
                await pilot.pause()
                shown = lines(pilot)[-1].strip().split("  ")
                assert {"→ Step", "← Back", "q Quit", "esc Library", "? Help"} <= set(shown) <= known
                counts.append(len(shown))
            assert counts == sorted(counts)

    async def test_a_screen_after_a_resize_is_the_screen_of_that_size(self) -> None:
        async with opened("fabc", size=(120, 40)) as pilot:
            await pilot.press(*["right"] * 9)
            wide = text(pilot)
            for size in ((80, 24), (60, 20), (30, 10), (200, 60), (120, 40)):
                await pilot.resize_terminal(*size)
                await pilot.pause()
            assert text(pilot) == wide


class TestThemes:
    async def test_t_goes_through_the_themes_and_the_choice_is_remembered(self) -> None:
        async with opened("fabc") as pilot:
            names: list[str] = []
            for _ in range(4):
                await pilot.press("t")
                names.append(SettingsFile().load()[0].theme or "")
                assert pilot.app.theme == f"gradwalk-{names[-1]}"
            assert names == ["light", "terminal", "terminal-light", "dark"]
            await pilot.press("t")
        async with opened("fabc") as pilot:
            assert pilot.app.theme == "gradwalk-light"

    async def test_the_words_are_the_same_in_every_theme(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right")
            before = text(pilot)
            for _ in range(3):
                await pilot.press("t")
                await pilot.pause()
                assert text(pilot) == before

    async def test_no_color_means_no_colour_of_ours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        async with opened("fabc") as pilot:
            assert pilot.app.theme == "gradwalk-terminal"
            await pilot.press("t")
            assert notices(pilot) == ["NO_COLOR is set, so there is only the terminal's own colour."]
            assert SettingsFile().load()[0].theme is None


class TestHelp:
    @pytest.mark.parametrize(("what", "keys"), [("fabc", []), ("fabc", ["v"]), (None, [])])
    async def test_it_lists_every_binding_of_the_screen_once_with_its_id(
        self, what: str | None, keys: list[str]
    ) -> None:
        async with opened(what, size=(120, 140)) as pilot:
            await pilot.press(*keys)
            await pilot.pause()
            names = set(active_keys(pilot.app.screen))
            await pilot.press("question_mark")
            help_screen = pilot.app.screen
            assert isinstance(help_screen, HelpScreen)
            help_screen.query_one(VerticalScroll).styles.max_height = 140
            await pilot.pause()
            shown = re.findall(r"\b(?:app|walk|circuit|library)\.[a-z0-9-]+", text(pilot))
            assert sorted(shown) == sorted(names)

    async def test_its_first_page_has_what_a_first_lesson_needs(self) -> None:
        async with opened("fabc", size=(80, 24)) as pilot:
            keys = active_keys(pilot.app.screen)
            await pilot.press("question_mark")
            await pilot.pause()
            assert "A walk through a computational graph" in text(pilot)
            for name in FIRST_KEYS:
                assert f"{'  '.join(keys[name].keys)} " in text(pilot), name
                assert keys[name].explanation in text(pilot)

    async def test_tab_leads_to_what_is_explained_at_length_and_back_to_the_top(self) -> None:
        async with opened("fabc", size=(80, 24)) as pilot:
            await pilot.press("question_mark", "tab")
            await pilot.pause()
            assert lines(pilot)[1].strip("│ ").startswith("The tree has the output at its root")
            for _ in range(4):
                await pilot.press("tab")
                await pilot.pause()
                if "Take one step back" in text(pilot):
                    break
            else:
                pytest.fail("tab does not come back to the top")

    @pytest.mark.parametrize("key", ["escape", "q", "question_mark"])
    async def test_it_closes_and_the_walk_is_where_it_was(self, key: str) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right")
            before = text(pilot)
            await pilot.press("f1")
            assert isinstance(pilot.app.screen, HelpScreen)
            await pilot.press(key)
            assert text(pilot) == before

    async def test_it_scrolls(self) -> None:
        async with opened("fabc", size=(60, 20)) as pilot:
            await pilot.press("question_mark")
            await pilot.pause()
            assert "as a graph of its own." not in text(pilot)
            await pilot.press("j", "k", "end")
            await pilot.pause()
            assert "as a graph of its own." in text(pilot)

    async def test_ctrl_c_says_how_to_quit_and_loses_nothing(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "ctrl+c")
            await pilot.pause()
            assert cursor(pilot) == 1
            assert notices(pilot) == ["q quits, and ctrl+q quits from everywhere."]
            assert pilot.app.is_running


class TestCommandPalette:
    async def test_it_offers_every_action_and_every_theme(self) -> None:
        async with opened("fabc") as pilot:
            offered = {command.title for command in pilot.app.get_system_commands(pilot.app.screen)}
            for name, binding in bindings(GradwalkApp).items():
                if name.partition(".")[0] in ("walk", "app"):
                    assert (binding.tooltip or binding.description) in offered
            assert {"Theme: dark", "Theme: light", "Theme: terminal"} <= offered

    async def test_what_is_chosen_there_happens(self) -> None:
        async with opened("fabc", size=(100, 40)) as pilot:
            await pilot.press("ctrl+p")
            assert isinstance(pilot.app.screen, CommandPalette)
            await pilot.press(*"go to the end")
            for _ in range(200):
                await pilot.pause()
                if "Go to the end" in text(pilot):
                    break
            await pilot.press("enter")
            while not isinstance(pilot.app.screen, WalkScreen):
                await pilot.pause()
            await pilot.pause()
            assert cursor(pilot) == 13


class TestTheLibrary:
    async def test_it_opens_on_the_first_scenario_and_enter_walks_it(self) -> None:
        async with opened(None) as pilot:
            assert lines(pilot)[3].startswith("> fabc")
            await pilot.press("enter")
            await pilot.pause()
            assert walk(pilot).opened.scenario.name == "fabc"

    async def test_the_selection_stops_at_the_ends_and_stays_in_view(self) -> None:
        async with opened(None, size=(60, 20)) as pilot:
            await pilot.press("up")
            assert any(line.startswith("> fabc") for line in lines(pilot))
            await pilot.press("end", "down")
            last = pilot.app.screen.query_one(ScenarioList).selected
            assert last >= 6
            assert any(line.startswith("> ") for line in lines(pilot))
            await pilot.press("k", "home")
            assert lines(pilot)[3].startswith("> fabc")

    async def test_it_is_left_and_entered_as_often_as_one_likes(self) -> None:
        async with opened("fabc") as pilot:
            for name in ("ehg", "chain", "square"):
                await pilot.press("escape")
                await pilot.pause()
                assert isinstance(pilot.app.screen, LibraryScreen)
                await pilot.press("j", "enter")
                await pilot.pause()
                assert walk(pilot).opened.scenario.name == name
                assert cursor(pilot) == 0
                await pilot.press("right")
            assert len(pilot.app.screen_stack) == 2

    async def test_a_scenario_from_elsewhere_is_in_the_list_and_selected(self) -> None:
        async with opened("x*y", values={"x": "2", "y": "5"}) as pilot:
            await pilot.press("b")
            await pilot.pause()
            assert lines(pilot)[3].split() == [">", "try", "x*y"]

    async def test_every_scenario_of_the_list_has_its_title_there(self) -> None:
        async with opened(None, size=(120, 60)) as pilot:
            rows = [line.strip("> ").split(maxsplit=1) for line in lines(pilot)]
            for name in WALKS:
                assert [name, load(name).title] in rows


class TestQuitting:
    @pytest.mark.parametrize("what", ["fabc", None])
    @pytest.mark.parametrize("key", ["q", "ctrl+q"])
    async def test_q_ends_it_everywhere(self, what: str | None, key: str) -> None:
        async with opened(what) as pilot:
            await pilot.press(key)
            assert not pilot.app.is_running or pilot.app._exit

    @pytest.mark.parametrize("left", [False, True], ids=["on show", "left"])
    async def test_what_is_in_no_file_is_not_lost_by_one_key(self, left: bool) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "down", "greater_than_sign", *["escape"] * left)
            await pilot.pause()
            await pilot.press("q")
            assert pilot.app.is_running
            assert not pilot.app._exit
            assert "q once more quits without them" in " ".join(notices(pilot))
            await pilot.press("q")
            assert pilot.app._exit

    async def test_a_note_of_ones_own_is_not_lost_by_one_key(self) -> None:
        async with opened("fabc") as pilot:
            await pilot.press("right", "m", *"here", "enter", "q")
            assert not pilot.app._exit
            await pilot.press("q")
            assert pilot.app._exit

    @pytest.mark.parametrize("name", ["fabc", "regression"])
    async def test_a_note_that_was_saved_in_a_new_file_is_not_lost(
        self, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        async with opened(name) as pilot:
            if name == "regression":
                await training_ready(pilot)
                await pilot.press("enter")
                await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            await pilot.press("right", "m", *"here", "enter", "q")
            assert not pilot.app._exit
            await pilot.press("M", "s")
            await pilot.pause()
            assert "here" in (tmp_path / f"{name}.toml").read_text(encoding="utf-8")
            assert isinstance(pilot.app, GradwalkApp)
            assert not pilot.app.places.unsaved()

    async def test_a_note_at_an_epoch_that_was_left_is_not_lost_by_one_key(self) -> None:
        async with opened("regression") as pilot:
            await training_ready(pilot)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
            await pilot.press("right", "m", *"here", "enter", "escape")
            await until(pilot, lambda: isinstance(pilot.app.screen, TrainScreen))
            await pilot.press("q")
            assert not pilot.app._exit

    async def test_a_guest_who_can_save_nothing_leaves_at_once(self) -> None:
        app = GradwalkApp(load("fabc"), Session.here(guest=True))
        async with app.run_test() as pilot:
            await pilot.press("greater_than_sign", "q")
            assert app._exit


def test_no_two_bindings_of_a_screen_want_the_same_key() -> None:
    for scope in ("walk", "library"):
        mine = [binding for name, binding in bindings(GradwalkApp).items() if name.partition(".")[0] in (scope, "app")]
        keys = list(itertools.chain.from_iterable(binding.key.split(",") for binding in mine))
        assert len(keys) == len(set(keys))
