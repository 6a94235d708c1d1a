"""`gradwalk completion`: what makes a shell complete commands, options and the names of scenarios."""

from __future__ import annotations

import click

from ...engine.errors import GradwalkError
from ..output import writing

SECTION = "Look up"

_EPILOG = """\b
bash        eval "$(gradwalk completion bash)"      in ~/.bashrc
zsh         eval "$(gradwalk completion zsh)"       in ~/.zshrc, after compinit
fish        gradwalk completion fish | source       in ~/.config/fish/config.fish
powershell  gradwalk completion powershell | Out-String | Invoke-Expression
            in the file that $PROFILE names
"""


@click.command(short_help="Print what makes a shell complete names of scenarios.", epilog=_EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print a script after which SHELL completes commands, options and the names of scenarios at the key tab.

    Have the shell read it whenever it starts, as the lines below do.
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is None:
        raise GradwalkError(f'the click that is installed knows no {shell}: pip install --upgrade "click>=8.5"')
    try:
        script = found(ctx.find_root().command, {}, "gradwalk", "_GRADWALK_COMPLETE").source()
    except RuntimeError as error:
        raise GradwalkError(f"this cannot be done for {shell}: {error}") from None
    with writing():
        click.echo(script)
