"""What is said of a lecture: who leads, who follows, and why somebody cannot."""

from __future__ import annotations

FOLLOWS = "follows the lecture"
NO_PRESENTER = "no presenter"

BEGINS = "You follow the lecture from now on. {lecture.catch-up} lets go, and catches up again."
"""To somebody who was walking alone when it began."""

LET_GO = "You walk alone from here. {lecture.catch-up} catches up with the lecture."
LEFT_ALONE = "You walk alone from here. {lecture.catch-up} follows the lecture when somebody presents."
CAUGHT_UP = "You follow the lecture again."
WILL_FOLLOW = "Nobody presents now; you follow the lecture as soon as somebody does."
PRESENTER_CAME = "Somebody presents now. {lecture.catch-up} follows the lecture."
TAKEN_OVER = (
    "Somebody else presents the lecture now, and you follow it. {lecture.catch-up} lets go, and catches up again."
)
SERVER_GONE = "The server is not there any more: you walk alone, and nobody is shown what you do."

CUT_OFF = "The presenter's server cannot be reached: you walk alone until it can, and follow again by yourself then."
CUT_OFF_PRESENTER = "The other servers of the lecture cannot be reached: only who is on this one sees what you show."
REACHES_AGAIN = "The other servers of the lecture are reached again."

STEPS_DIFFER = "this program has other steps there than the presenter's"
UNREAD_TEXT = "what the presenter has edited cannot be read here"
TRAINED_TEXT = "an edited scenario with a training is not shown to others"
OWN_PLACE = "only the library, walks, trainings and lessons are shown; they stay where they were"
TOO_LARGE = "it is too large for a lecture"

HELP_PRESENTS = """\
You present a lecture: those who follow see the library, walks, trainings and lessons as you see them. What you \
predict, they are asked for."""
HELP_FOLLOWS = """\
You follow a lecture: this screen shows what its presenter shows. A step of your own, or whatever else you go to, lets \
go of it; you disturb nobody."""
HELP_ALONE = "A lecture goes on, and you walk alone beside it: nobody sees what you do."

_MOST = 200
"""Characters of a sentence from the server that are shown."""


def follower_words(*, follows: bool, present: bool, opening: str = "", problem: str = "") -> str:
    """Say, for a title bar, who leads a learner's screen.

    `opening` is the title of what is being opened to be followed, `problem` is set where that cannot be shown.
    """
    if not follows:
        key = "walks alone · {lecture.catch-up} catches up"
        return key if present else f"walks alone · {NO_PRESENTER}"
    if not present:
        return NO_PRESENTER
    if problem:
        return "cannot follow"
    return f"{FOLLOWS}: opening {opening}" if opening else FOLLOWS


def presenter_words(learners: int, following: int, *, reaches: bool = True) -> str:
    """Say, for a title bar, to how many somebody presents, and how many of them walk alone.

    `reaches` says whether the lecture reaches the other machines that it is for.
    """
    alone = max(0, learners - following)
    to = f"presents to {learners}" if learners else "presents to nobody yet"
    apart = f" ({alone} {'walks' if alone == 1 else 'walk'} alone)" if alone else ""
    return f"{to}{apart}{'' if reaches else ', here only'}"


def help_words(*, presents: bool, follows: bool) -> str:
    """Say, at the head of a help, what a lecture makes of a screen."""
    if presents:
        return HELP_PRESENTS
    return HELP_FOLLOWS if follows else HELP_ALONE


def cannot_follow_words(reason: str) -> str:
    """Say why what the presenter shows cannot be shown here."""
    return f"Cannot follow: {in_brief(reason)}. This screen stays as it is until the lecture goes on to something else."


def cannot_show_words(reason: str) -> str:
    """Say to the presenter why followers do not see what is on show."""
    return f"Those who follow do not see this: {reason}."


def too_large_words(bytes: int) -> str:
    """Say that what was edited is too large to be told to others."""
    return f"with its edits it takes {bytes:,} bytes, which is too much to be sent to all of them"


def from_lecture(title: str, number: int = 1) -> str:
    """Return the title under which somebody keeps what they have made of a walk of the lecture, the `number`th one."""
    return f"{title} · from the lecture" + (f" {number}" if number > 1 else "")


def in_brief(words: str) -> str:
    """Return a sentence of the server's as it is shown: on one line, and not too long."""
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= _MOST else f"{one_line[: _MOST - 1]}…"


def place_words(scenario: str, ways: tuple[str, ...], step: int | None, epoch: int | None) -> str:
    """Say where a lecture is, for somebody who cannot see it: `fabc, step 3`."""
    if not scenario:
        return "the list of scenarios"
    said = [scenario, *(way for way in ways if not way.startswith(("value ", "forward ")))]
    if epoch is not None and not any(way.startswith("epoch ") for way in ways):
        said.append(f"epoch {epoch}")
    elif step is not None:
        said.append(f"step {step}")
    return ", ".join(said)


def unseen_words(place: str, *, follows: bool, asked: int | None = None) -> str:
    """Say where a lecture is, and which step it asks for, to somebody whose window is too small to see it."""
    asks = f" Everybody is asked for step {asked}." if asked is not None else ""
    return f"This window {'follows the lecture' if follows else 'walks alone'}. The lecture is at: {place}.{asks}"


def without_screen_words(*, presents: bool) -> str:
    """Say what somebody can do in a lecture whose terminal has no screen."""
    what = "presented" if presents else "followed"
    return f"A lecture is {what} on a screen, which this terminal has not. You walk alone here, in plain text."


def lecture_is_at_words(place: str) -> str:
    """Say where a lecture has gone."""
    return f"The lecture is at: {place}."
