"""The key that shows the intro and the questions of a walk again."""

from __future__ import annotations

from ...walk.command import Command
from ...walk.stage import Stage


def _read(stage: Stage) -> None:
    """Show the intro and the questions, to be read and answered."""
    from ....engine.study.exercise_task import exercise_tasks
    from ...study.course_questions import WalkQuestions
    from ..lesson_questions import QuestionsScreen

    scenario, trace = stage.opened.scenario, stage.moment.trace
    tasks = exercise_tasks(scenario, trace)
    if not scenario.intro and not tasks:
        stage.say("This walk has no intro and no questions.")
        return
    stage.moment = stage.moment.played(False)
    questions = WalkQuestions(scenario, trace, tasks, stage.session.progress)
    stage.ask(QuestionsScreen(stage.opened.title, questions, changed=stage.say), lambda left: None)


COMMANDS = (
    Command("walk.questions", "A", "Questions", "Read the intro and the questions again, and answer them", _read, "A"),
)
