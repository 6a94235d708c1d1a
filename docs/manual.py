"""Write the man page anew, from the commands themselves: `python docs/manual.py`. The site has the same as a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
from gradwalk.tui import commands
from gradwalk.tui.cli import main

PAGE = Path(__file__).parent / "man" / "gradwalk.1"

ENVIRONMENT = {
    "NO_COLOR": "If it is set, whatever to, nothing is coloured.",
    "COLORTERM": "`truecolor` or `24bit` says that the terminal has all colours.",
    "TERM": "What the terminal is; `dumb` gets questions and answers in place of a screen.",
    "GRADWALK_THEME": "The theme to begin with: dark, light, terminal or terminal-light.",
    "XDG_CONFIG_HOME, XDG_STATE_HOME": "On Linux, the folders that FILES speaks of as ~/.config and ~/.local/state.",
}
"""What the environment says beside what options say too."""

FILES = {
    "~/.config/gradwalk/settings.json": "The theme, the keys, and how much predicting asks.",
    "~/.local/state/gradwalk/done.json": "What was opened, and how far.",
    "~/.local/state/gradwalk/progress.db": "What was practised; `gradwalk progress --reset` forgets it.",
    "~/.local/state/gradwalk/ssh_host_ed25519_key": "By what clients know `gradwalk serve` again; made once.",
}
"""Where something is kept on Linux; `gradwalk doctor` says where it is here."""

STATUS = {
    "0": "All is well.",
    "1": "The answer, the file or the installation that was asked about is not right, or a training diverged.",
    "2": "What was asked for cannot be done; one message on standard error says why, and what to write instead.",
}

EXAMPLES = {
    "gradwalk": "The library of scenarios.",
    "gradwalk fabc": "Walk a scenario that is built in.",
    'gradwalk try "x*y + sin(x)" x=2 y=5': "Walk a function of your own.",
    "gradwalk fabc --predict": "Walk, and be asked for each step first.",
    "gradwalk trace fabc --json": "Every step and every number, for a program to read.",
}


class Entry(NamedTuple):
    """A command, as it is described: `options` are pairs of how one is written and what it does."""

    name: str
    section: str
    usage: str
    words: list[str]
    options: list[tuple[str, str]]
    epilog: str


def entries() -> Iterator[Entry]:
    """Describe each command, in the order of `gradwalk --help`."""
    with click.Context(main, info_name="gradwalk") as root:
        for section in commands.SECTIONS:
            for name in main.list_commands(root):
                command = main.get_command(root, name)
                assert command is not None
                module = __import__(f"{commands.__name__}.{name}", fromlist=["SECTION"])
                if section == module.SECTION:
                    yield _entry(command, click.Context(command, info_name=name, parent=root), section)


def own_options() -> list[tuple[str, str]]:
    """Return the options of gradwalk itself."""
    with click.Context(main, info_name="gradwalk") as root:
        return _options(main, root)


def variables() -> dict[str, str]:
    """Return the variables of the environment that stand for options, and what else is read of it."""
    found: dict[str, str] = {}
    with click.Context(main, info_name="gradwalk") as root:
        each = [main, *(main.get_command(root, name) for name in main.list_commands(root))]
        for parameter in (parameter for command in each if command for parameter in command.params):
            if isinstance(parameter, click.Option) and isinstance(parameter.envvar, str):
                option = parameter.opts[0]
                flag = f"If it is 1, as with `{option}`."
                found.setdefault(
                    parameter.envvar, flag if parameter.is_flag else f"As `{option}`, where that is not given."
                )
    return found | ENVIRONMENT


def _entry(command: click.Command, ctx: click.Context, section: str) -> Entry:
    usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    words = (command.help or "").partition("\f")[0].strip().split("\n\n")
    return Entry(ctx.info_name or "", section, usage, words, _options(command, ctx), (command.epilog or "").strip())


def _options(command: click.Command, ctx: click.Context) -> list[tuple[str, str]]:
    options = (each for each in command.get_params(ctx) if isinstance(each, click.Option) and "--help" not in each.opts)
    return [record for record in (option.get_help_record(ctx) for option in options) if record]


# ---- the man page


def man_page() -> str:
    """Return the page as roff, with the macros of man(7)."""
    lines = [
        '.\\" Made by docs/manual.py from the commands.',
        '.TH GRADWALK 1 "" gradwalk "User Commands"',
        ".ad l",
        ".SH NAME",
        "gradwalk \\- walk a computational graph forward and backward, one chain\\-rule factor at a time",
        ".SH SYNOPSIS",
        ".nf",
        *(_bold_first(form) for form in ("gradwalk", "gradwalk SCENARIO [OPTION]...", "gradwalk COMMAND [OPTION]...")),
        ".fi",
        ".SH DESCRIPTION",
        *_paragraphs((main.help or "").strip().split("\n\n"))[1:],
        ".SH OPTIONS",
        *_tagged(own_options()),
    ]
    section = ""
    for entry in entries():
        if entry.section != section:
            section = entry.section
            lines.append(f".SH COMMANDS: {section.upper()}")
        lines += [f".SS {_roff(entry.usage)}", *_paragraphs(entry.words)[1:], *_tagged(entry.options)]
        lines += _paragraphs([entry.epilog]) if entry.epilog else []
    for heading, pairs in (
        ("ENVIRONMENT", variables()),
        ("FILES", FILES),
        ("EXIT STATUS", STATUS),
        ("EXAMPLES", EXAMPLES),
    ):
        lines += [f".SH {heading}", *_tagged(list(pairs.items()))]
    return "\n".join(lines) + "\n"


def _roff(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", text)
    return f"\\&{text}" if text[:1] in (".", "'") else text


def _bold_first(form: str) -> str:
    name, _, rest = form.partition(" ")
    return f"\\fB{name}\\fR {_roff(rest)}".rstrip()


def _paragraphs(paragraphs: list[str]) -> list[str]:
    lines: list[str] = []
    for paragraph in paragraphs:
        kept = paragraph.lstrip().startswith("\b")
        rows = [row.rstrip() if kept else row.strip() for row in paragraph.replace("\b", "").strip("\n").split("\n")]
        rows = [_roff(row) for row in rows]
        lines += [".PP", *([".nf", *rows, ".fi"] if kept else rows)]
    return lines


def _tagged(pairs: list[tuple[str, str]]) -> list[str]:
    return [line for tag, words in pairs for line in (".TP", f"\\fB{_roff(tag)}\\fR", _roff(words))]


# ---- the page of the site


def reference() -> str:
    """Return the same as Markdown."""
    lines = ["# Commands", "", "Made from the commands themselves, as the man page `gradwalk(1)` is."]
    section = ""
    for entry in entries():
        if entry.section != section:
            section = entry.section
            lines += ["", f"## {section}"]
        lines += ["", f"### gradwalk {entry.name}", "", "```text", entry.usage, "```"]
        for paragraph in [*entry.words, *([entry.epilog] if entry.epilog else [])]:
            if paragraph.lstrip().startswith("\b"):
                lines += ["", "```text", paragraph.replace("\b", "").strip("\n"), "```"]
            else:
                lines += ["", " ".join(paragraph.split())]
        if entry.options:
            lines += ["", "| option | |", "|---|---|"]
            lines += [f"| `{tag}` | {words} |" for tag, words in entry.options]
    lines += ["", "## Environment", "", "| variable | |", "|---|---|"]
    lines += [f"| `{name}` | {words} |" for name, words in variables().items()]
    lines += ["", "## Exit status", "", "| status | |", "|---|---|"]
    lines += [f"| {status} | {words} |" for status, words in STATUS.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(man_page(), encoding="utf-8")
