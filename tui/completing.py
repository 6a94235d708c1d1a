"""What the shell offers when tab is pressed: names of scenarios, with their titles, and files.

Each function is the `shell_complete` of a parameter. A shell asks while somebody is typing, so nothing but the list of
scenarios is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem


def scenarios(ctx: click.Context, parameter: click.Parameter | None, incomplete: str) -> list[CompletionItem[str]]:
    """Offer the scenarios that are built in, and files where files may be named."""
    from ..engine.library import built_in_names, card_of

    names = [name for name in built_in_names() if name.startswith(incomplete)]
    return [*files(ctx, parameter, incomplete), *(_item(name, card_of(name).title) for name in names)]


def scenarios_and_courses(
    ctx: click.Context, parameter: click.Parameter | None, incomplete: str
) -> list[CompletionItem[str]]:
    """Offer the courses that are built in too."""
    from ..engine.courses import built_in_courses

    return [*scenarios(ctx, parameter, incomplete), *beginning(incomplete, built_in_courses())]


def files(ctx: click.Context, parameter: click.Parameter | None, incomplete: str) -> list[CompletionItem[str]]:
    """Have the shell itself look for files, where files may be named.

    It stands first among others: in bash it begins the list anew.
    """
    return [] if ctx.find_root().params.get("guest") else [_item(incomplete, kind="file")]


def themes(ctx: click.Context, parameter: click.Parameter | None, incomplete: str) -> list[CompletionItem[str]]:
    """Offer the themes."""
    from .themes import THEMES

    return beginning(incomplete, THEMES)


def levels(ctx: click.Context, parameter: click.Parameter | None, incomplete: str) -> list[CompletionItem[str]]:
    """Offer the levels of predicting."""
    from ..engine.study.level import CHOICES

    return beginning(incomplete, (choice.replace(" ", "-") for choice in CHOICES))


def notations(ctx: click.Context, parameter: click.Parameter | None, incomplete: str) -> list[CompletionItem[str]]:
    """Offer the notations of formulas."""
    from ..engine.rules import printers

    return beginning(incomplete, printers.notations())


def beginning(incomplete: str, names: Iterable[str]) -> list[CompletionItem[str]]:
    """Offer those of some names that begin so."""
    return [_item(name) for name in names if name.startswith(incomplete)]


def _item(value: str, words: str = "", kind: str = "plain") -> CompletionItem[str]:
    from click.shell_completion import CompletionItem

    return CompletionItem(value, type=kind, help=words or None)
