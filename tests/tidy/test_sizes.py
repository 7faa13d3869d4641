"""Small files, small functions: whoever opens one can hold it in mind."""

from tests.tidy.sources import functions, modules, name_of, python_files

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 70
AIM_OF_A_FUNCTION = 40
MOST_OVER_THE_AIM = 0.01

LISTINGS = {"src/almoner/core/tables.py": "every table of facts in one place, read from top to bottom and not for its logic"}


def test_no_file_is_long() -> None:
    long = {
        name_of(path): count
        for path in python_files()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES_OF_A_FILE
    }
    assert set(long) == set(LISTINGS), f"longer than {MOST_LINES_OF_A_FILE} lines, or no longer an exception: {long}"


def _lengths(paths: tuple) -> dict[str, int]:
    return {f"{name_of(path)}:{f.lineno} {f.name}": f.end_lineno - f.lineno + 1 for path in paths for f in functions(path)}


def test_no_function_is_long() -> None:
    long = {where: lines for where, lines in _lengths(python_files()).items() if lines > MOST_LINES_OF_A_FUNCTION}
    assert not long, f"longer than {MOST_LINES_OF_A_FUNCTION} lines: {long}"


def test_hardly_any_function_is_over_the_aim() -> None:
    lengths = _lengths(modules())
    over = {where: lines for where, lines in lengths.items() if lines > AIM_OF_A_FUNCTION}
    assert len(over) <= MOST_OVER_THE_AIM * len(lengths), f"over {AIM_OF_A_FUNCTION} lines: {over}"
