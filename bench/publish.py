"""The figures into the page that keeps them: `python -m bench.publish FIGURES.json docs/benchmarks.md`."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import Any

from bench.figures import read_figures, seconds_text
from bench.picture import WORKS as GROWTH
from bench.works import WORKS

BEGIN, END = "<!-- figures: written by `python -m bench --publish` -->", "<!-- end of figures -->"
PICTURE = "Seconds and memory from a council to England, with straight proportionality beside"
WIDTH = 140
AS_IT_IS = ("#", "|", "<!--", "![", "    ")
"""How lines of the page begin that are not of a paragraph."""
VERDICT = {True: "yes", False: "**no**", None: ""}


def write_page(figures: Path, page: Path) -> None:
    """Put the table in place of the one between the two marks of the page, and wrap its paragraphs evenly.

    ValueError when the page has no such place.
    """
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no place for the figures: it needs the lines {BEGIN} and {END}.")
    page.write_text(evenly(f"{before}{BEGIN}\n{markdown(read_figures(figures))}{END}{after}"), encoding="utf-8")


def evenly(text: str) -> str:
    """A page in Markdown with the lines of its paragraphs and bullets filled to the same width."""
    done: list[str] = []
    paragraph: list[str] = []
    for line in [*text.split("\n"), ""]:
        is_paragraph = bool(line.strip()) and not line.startswith(AS_IT_IS)
        if paragraph and (not is_paragraph or line.startswith("- ")):
            done += _filled(paragraph)
            paragraph = []
        if is_paragraph:
            paragraph.append(line)
        else:
            done.append(line)
    return "\n".join(done[:-1])


def _filled(lines: list[str]) -> list[str]:
    words = " ".join(line.strip() for line in lines)
    hanging = "  " if words.startswith("- ") else ""
    return textwrap.wrap(words, WIDTH, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)


def markdown(figures: list[dict[str, Any]]) -> str:
    """The table in Markdown, in the order of the works, and under it when and on what each was measured."""
    rows = ["| work | measured | seconds | CPU | MiB | aim | met |", "|---|---|---:|---:|---:|---|---|"]
    order = {name: number for number, name in enumerate(WORKS)}
    known = sorted((figure for figure in figures if figure["work"] in order), key=lambda figure: order[figure["work"]])
    before = ""
    for figure in known:
        named = f"**{figure['work']}**: {figure['meaning']}" if figure["work"] != before else ""
        before = figure["work"]
        seconds, cpu = seconds_text(figure["seconds"]), seconds_text(figure["cpu_seconds"])
        verdict = VERDICT[figure["met"]]
        rows.append(f"| {named} | {figure['what']} | {seconds} | {cpu} | {figure['peak_mebibytes']:,.0f} | {figure['aim']} | {verdict} |")
    said = [f"- {figure['work']}, {figure['what']}: {figure['said']}" for figure in known if figure["said"]]
    taken = sorted({f"Taken on {figure['taken_on']} on {figure['on']}." for figure in known})
    loads = [figure["load"] for figure in known]
    busy = f"Other work on the machine while measuring: load {min(loads)} to {max(loads)} at the end of each." if loads else ""
    missing = [name for name in WORKS if name not in {figure["work"] for figure in known}]
    lacking = f"Not measured yet: {', '.join(missing)}." if missing else ""
    told = "\n\n".join(text for text in (" ".join(taken), busy, lacking) if text)
    spoken = ["What each said of itself:", "", *said, ""] if said else []
    growth = ["", f"![{PICTURE}](growth.svg)"] if not {*GROWTH} & {*missing} else []
    return "\n".join([*rows, "", told, *growth, "", *spoken])


if __name__ == "__main__":
    write_page(Path(sys.argv[1]), Path(sys.argv[2]))
