"""`pincite completion`: the completion script for a shell."""

from __future__ import annotations

import click

from bot.output import FOUND, say


@click.command(short_help="Print a completion script for your shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the script that completes commands and options in SHELL.

    \b
    Examples:
      pincite completion bash >> ~/.bashrc
      pincite completion fish > ~/.config/fish/completions/pincite.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    say(
        kind(
            click.get_current_context().find_root().command, {}, "pincite", "_PINCITE_COMPLETE"
        ).source()
    )
    return FOUND
