"""Scripts that complete `xcscribe` in a shell, made of its parsers."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Mapping

SHELLS = ("bash", "zsh", "fish")
_OPTION = re.compile(r"(?<![\w-])--[\w-]+")


def script(shell: str, commands: Mapping[str, ArgumentParser]) -> str:
    """The script for `bash`, `zsh` or `fish`. What is neither a command nor an option is completed as a file."""
    options = {name: sorted(set(_OPTION.findall(each.format_usage()))) for name, each in commands.items()}
    if shell == "fish":
        lines = [f"complete -c xcscribe -f -n __fish_use_subcommand -a {name}" for name in options]
        for name, found in options.items():
            lines += [f"complete -c xcscribe -n '__fish_seen_subcommand_from {name}' -l {one[2:]}" for one in found]
        return "\n".join(lines)
    cases = "\n".join(f'    {name}) words="{" ".join(found)}" ;;' for name, found in options.items() if found)
    return f"""{"autoload -U +X bashcompinit && bashcompinit" if shell == "zsh" else ""}
_xcscribe() {{
  local words="" word="${{COMP_WORDS[COMP_CWORD]}}"
  case "${{COMP_WORDS[1]}}" in
{cases}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="{" ".join(options)}"; elif [ "${{word#-}}" = "$word" ]; then words=""; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F _xcscribe xcscribe""".lstrip()
