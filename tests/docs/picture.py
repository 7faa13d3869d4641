"""The picture in the README, out of what `make demo` prints in colours.

FORCE_COLOR=1 TTY_INTERACTIVE=0 COLUMNS=110 almoner demo > demo.txt
python -m tests.docs.picture demo.txt > docs/demo.svg
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

LAST_ERASE = re.compile(r"^.*(?:\x1b\[2K|\r)", re.DOTALL)
NOT_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-LN-Za-ln-z]")
FONT_FROM_ELSEWHERE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
HOME = re.compile(r"(export ALMONER_HOME=)\S*/(\S+)")
SECONDS = re.compile(r"Done in \d+ seconds")


def picture(printed: str, *, width: int = 110) -> str:
    """An SVG of a terminal that shows the lines; no font is fetched from elsewhere.

    Progress bars that came and went are left out, and how many seconds this machine took.
    """
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for line in printed.replace("\r\n", "\n").split("\n"):
        kept = NOT_COLOUR.sub("", LAST_ERASE.sub("", line))
        if line and not kept:
            continue
        console.print(Text.from_ansi(SECONDS.sub("Done", HOME.sub(r"\1\2", kept))), soft_wrap=False)
    svg = console.export_svg(title="make demo", unique_id="demo")
    return FONT_FROM_ELSEWHERE.sub("", svg).replace("Fira Code,", "ui-monospace, Menlo, Consolas,")


if __name__ == "__main__":
    sys.stdout.write(picture(Path(sys.argv[1]).read_text(encoding="utf-8")))
