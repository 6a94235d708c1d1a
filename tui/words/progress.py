"""What is said of somebody's progress: a picture of their skills, as rows or as sentences, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from ...engine.study.mastery import DAYS, Standing, State, urgency
from ...engine.study.skills import skill_words
from .lines import Line, line

RULE = (
    "Mastered: right, without help, on three different days, mixed with others.",
    "Due: right today is one day more. Weak: not right at once the last time.",
)

_BAR = 10
_NAME = 34


@dataclass(frozen=True)
class Marks:
    """What bars are made of: a filled and an empty piece, for days and for answers."""

    day: str
    no_day: str
    right: str
    other: str


BLOCKS, ASCII = Marks("■", "□", "█", "░"), Marks("#", "-", "#", "-")


def marks_for(encoding: str) -> Marks:
    """Return marks that an output of this encoding can hold."""
    try:
        "".join(vars(BLOCKS).values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return BLOCKS


def standing_words(standing: Standing) -> str:
    """Say in a word how somebody stands with a skill."""
    return "weak" if standing.is_weak else standing.state.value


def ordered(standings: Sequence[Standing]) -> list[Standing]:
    """Put first what is the most needful to practise, and last what is mastered."""
    last = {State.MASTERED: 2, State.NEW: 1}
    return sorted(standings, key=lambda each: (last.get(each.state, 0), -urgency(each), -each.answered))


def summary_line(standings: Sequence[Standing]) -> Line:
    """Count the skills: how many are mastered, due, weak."""
    counts = {"mastered": 0, "due": 0, "weak": 0, "learning": 0, "new": 0}
    for standing in standings:
        counts[standing_words(standing)] += 1
    said = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    return line((f"{_number(len(standings), 'skill')}: {said}.", "heading"))


def skill_rows(standings: Sequence[Standing], marks: Marks = BLOCKS) -> list[Line]:
    """Draw a row for each skill, 80 cells wide at most: days, right answers, state."""
    head = line((f"{'skill':{_NAME}}  days  {'right at once':<21}state", "label"))
    return [head, *(_row(standing, marks) for standing in ordered(standings))]


def skill_sentences(standings: Sequence[Standing]) -> list[Line]:
    """Say of each skill in one line how somebody stands with it."""
    return [line(_sentence(standing)) for standing in ordered(standings)]


def mistake_lines(mistakes: Mapping[str, int], most: int = 3) -> list[Line]:
    """Name the mistakes that were made oftenest."""
    from ...engine.study.mistakes.table import MISTAKES

    counted = sorted(mistakes.items(), key=lambda each: -each[1])[:most]
    titles = {mistake: MISTAKES[mistake].title if mistake in MISTAKES else mistake for mistake, _ in counted}
    rows = [line(f"  {titles[mistake]} ({times:,})") for mistake, times in counted]
    return [line(("Mistakes made oftenest:", "label")), *rows] if rows else []


@dataclass(frozen=True)
class Ways:
    """By what the course and a drill are begun."""

    learn: str
    drill: str


COMMANDS = Ways("gradwalk learn", "gradwalk drill")
IN_A_ROOM = Ways("c in the library", "Drill, by ctrl+p,")
"""The second ones are for those who have gradwalk in a terminal, and no command line."""


def next_lines(to_practise: Sequence[Standing], *, has_begun: bool, most: int = 3, ways: Ways = COMMANDS) -> list[Line]:
    """Say what to do next, and by what."""
    if not has_begun:
        return [line("Nothing was practised yet. Begin with ", (ways.learn, "name"), ".")]
    if not to_practise:
        return [
            line("Nothing is weak or due now."),
            line(
                (ways.learn, "name"),
                " goes on with the course; ",
                (ways.drill, "name"),
                " mixes all of it.",
            ),
        ]
    named = [f"{skill_words(each.skill)} ({standing_words(each)})" for each in to_practise[:most]]
    more = len(to_practise) - len(named)
    return [
        line(("To practise now:", "label")),
        *(line("  ", each) for each in named),
        *([line((f"  and {more} more", "label"))] if more else []),
        line((ways.drill, "name"), " asks for them, mixed with others."),
    ]


def _row(standing: Standing, marks: Marks) -> Line:
    days = min(standing.days, DAYS)
    answered = standing.answered
    filled = round(_BAR * standing.right / answered) if answered else 0
    state = standing_words(standing)
    styles = {"mastered": "value", "due": "local", "weak": "undefined"}
    return line(
        f"{_cut(skill_words(standing.skill), _NAME)}  ",
        (marks.day * days, "value"),
        (marks.no_day * (DAYS - days), "guide"),
        "   ",
        (marks.right * filled, "upstream"),
        (marks.other * (_BAR - filled), "guide"),
        (f" {f'{standing.right} of {answered}':<10}", "label"),
        (state, styles.get(state, "label")),
    )


def _sentence(standing: Standing) -> str:
    answered = standing.answered
    said = f"{standing.right} of {_number(answered, 'answer')} right at once" if answered else "nothing answered yet"
    days = f"counted on {min(standing.days, DAYS)} of {DAYS} days"
    return f"{skill_words(standing.skill)}: {standing_words(standing)}; {days}; {said}."


def _cut(text: str, cells: int) -> str:
    return set_cell_size(text if cell_len(text) <= cells else text[: cells - 1] + "…", cells)


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
