"""`connect-domains completion`: prints the script with which a shell completes commands, options and their values. click makes the script.

The script asks `connect-domains` itself, by an environment variable, each time Tab is pressed.
"""

from __future__ import annotations

import click

from .reporting import output
from .reporting.command_line import Choice, Command, Example

SHELLS = ("bash", "zsh", "fish")
MENDED = {
    # Where the user's files do not run compinit, as on a new account, every new terminal would say that compdef is unknown.
    "zsh": ("    compdef ", "    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }\n    compdef "),
    # A command's explanation would end at its first comma.
    "fish": ('string split "," ', 'string split --max 1 "," '),
}
"""What is changed in click's script for the shell: this text becomes that."""


@click.command(
    cls=Command,
    exit_codes={0: "The script was printed.", 1: "The shell is not known."},
    examples=[
        Example("bash, once for this terminal", 'eval "$(connect-domains completion bash)"'),
        Example("bash, for every new terminal", "connect-domains completion bash >> ~/.bashrc"),
        Example("zsh, for every new terminal", "connect-domains completion zsh >> ~/.zshrc"),
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

    bash must be 4.4 or newer; macOS comes with an older one.
    """
    from click.shell_completion import ShellComplete, get_completion_class

    root = context.find_root()
    name = str(root.info_name)
    variable = f"_{name}_COMPLETE".replace("-", "_").upper()
    made = get_completion_class(shell)
    assert made  # all of SHELLS are click's own
    click_s, ours = MENDED.get(shell, ("", ""))
    # Not the class's own `source`: bash's would start a bash to ask its version, also where the script is for another machine.
    script = ShellComplete.source(made(root.command, {}, name, variable)).strip()
    output.write(f"{script.replace(click_s, ours)}\n")
