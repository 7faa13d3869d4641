"""The clock, chance and the environment come in at the edge; further in they are arguments, so the same inputs give the same bytes."""

import ast
from pathlib import Path

from tests.tidy.sources import SOURCE, dotted, modules, name_of, tree

READS_THE_CLOCK = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "timezone.now",
    "time.localtime",
}
TELLS_THE_TIME = {
    "src/almoner/site/office_commands.py": "the moment at which a command's act counts as known",
    "src/almoner/site/surroundings.py": "the moment at which a page is asked for",
    "src/almoner/site/serve_command.py": "how far a demonstration's clock is from the true one",
    "src/almoner/site/command.py": "when an unexpected error was written to the log",
}
MEASURES_DURATION = {"perf_counter", "perf_counter_ns", "monotonic", "process_time"}
CHANCE = {"random", "secrets", "uuid"}
TAKES_CHANCE = {
    "src/almoner/office/accounts/keys.py": "one-time links and tokens, which nobody may guess",
    "src/almoner/site/settings.py": "a key for one process when none is set",
    "src/almoner/site/serve_command.py": "a key for a demonstration",
    "src/almoner/office/home/refused.py": "the reference of an error, which nothing depends on",
}


def _edge(path: Path) -> bool:
    return path.relative_to(SOURCE).parts[0] in ("site", "cli")


def test_the_clock_is_read_only_at_the_edge() -> None:
    read = {}
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and any(
                dotted(node.func) == call or dotted(node.func).endswith(f".{call}") for call in READS_THE_CLOCK
            ):
                read[name_of(path)] = node.lineno
    assert set(read) == set(TELLS_THE_TIME), f"reads the clock, or no longer does: {read}"


def test_durations_are_measured_only_at_the_edge() -> None:
    found = []
    for path in modules():
        names = {
            alias.name
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ImportFrom) and node.module == "time"
            for alias in node.names
        }
        if (names & MEASURES_DURATION or "import time" in path.read_text(encoding="utf-8").splitlines()) and not _edge(path):
            found.append(name_of(path))
    assert not found


def test_chance_is_taken_only_at_the_edge() -> None:
    taken = set()
    for path in modules():
        for node in ast.walk(tree(path)):
            imported = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            if {(name or "").split(".")[0] for name in imported} & CHANCE:
                taken.add(name_of(path))
    assert taken == set(TAKES_CHANCE)


def test_the_environment_is_read_only_by_the_site() -> None:
    read = [
        name_of(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and dotted(node) in ("os.environ", "os.getenv") and path.relative_to(SOURCE).parts[0] != "site"
    ]
    assert not read
