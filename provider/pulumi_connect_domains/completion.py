"""`connect-domains completion`: prints the script with which a shell completes commands, options and their values. click makes the script.

The script asks `connect-domains` itself, by an environment variable, each time Tab is pressed.
"""

from __future__ import annotations

import click

from .reporting import output
from .reporting.command_line import Choice, Command, Example

SHELLS = ("bash", "zsh", "fish")


@click.command(
    cls=Command,
    exit_codes={0: "The script was printed.", 1: "The shell is not known."},
    examples=[
        Example("bash, once for this terminal", 'eval "$(connect-domains completion bash)"'),
        Example("bash, for every new terminal", "connect-domains completion bash >> ~/.bashrc"),
        Example("zsh, for every new terminal (after compinit)", "connect-domains completion zsh >> ~/.zshrc"),
        Example(
            "fish, for every new terminal",
            "connect-domains completion fish \\\n  > ~/.config/fish/completions/connect-domains.fish",
        ),
    ],
)
@click.argument("shell", metavar=f"{{{'|'.join(SHELLS)}}}", type=Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that makes a shell complete commands, options and values.

    bash must be 4.4 or newer; macOS comes with an older one. zsh must have run compinit before.
    """
    from click.shell_completion import ShellComplete, get_completion_class

    root = context.find_root()
    name = str(root.info_name)
    variable = f"_{name}_COMPLETE".replace("-", "_").upper()
    made = get_completion_class(shell)
    assert made  # all of SHELLS are click's own
    # Not the class's own `source`: bash's would start a bash to ask its version, also where the script is for another machine.
    output.write(f"{ShellComplete.source(made(root.command, {}, name, variable)).strip()}\n")
