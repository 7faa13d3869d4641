"""Whatever bytes stand in the files, reading gives findings and tables, or refuses the folder; never anything else."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.formats.tables.small_council import GOOD, written

from almoner.core.tables import TABLES
from almoner.formats.tables import CODES, Folder, UnreadableFolder, read_folder

MANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
TOKENS = st.sampled_from(
    ['"', '""', ",", "\n", "\r", "\r\n", "\0", "\ufeff", "�", " ", "-", "1e9", "9" * 30, "2025-02-30", "9999-12-31", "0000-00-00",
     "-0001-01-01", "24:00", "25:61", "\u00a0", "=1+1", "£1,000.00", "0x10", "NaN", "inf", "\x1a", "L1", "P1", "é", ".", "--1"]
)  # fmt: skip


def sound(found: Folder) -> None:
    """Every table is there in its schema, good rows keep the rules of their columns, every finding is a sentence."""
    for name, table in TABLES.items():
        rows = found.tables[name]
        rows.validate(full=True)
        assert rows.schema == table.schema
        for column in table.columns:
            values = rows.column(column.name)
            assert not (column.required and values.null_count)
            if column.least is not None:
                assert all(v is None or v >= column.least for v in values.to_pylist())
            assert "" not in values.to_pylist()
        numbers = rows.column("row").to_pylist()
        assert numbers == sorted(set(numbers)) and all(n >= 2 for n in numbers)
    for finding in found.findings:
        assert finding.code in CODES and finding.message.endswith((".", "?")) and finding.remedy.endswith((".", "?", "…"))
        assert "{" not in finding.message.replace(finding.value, "") and finding.row >= 0


@MANY
@given(st.data())
def test_a_file_with_spoilt_places(data):
    table = data.draw(st.sampled_from(sorted(GOOD)))
    text = GOOD[table]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + data.draw(TOKENS) + text[end:]
    with tempfile.TemporaryDirectory() as folder:
        sound(read_folder(written(Path(folder), **{table: text})))


@MANY
@given(st.sampled_from(sorted(GOOD)), st.binary(max_size=200), st.integers(0, 400))
@example("people", b"\xff\xfe", 0)
@example("lines", b'"\r', 60)
def test_a_file_with_random_bytes(table, noise, place):
    content = GOOD[table].encode()
    with tempfile.TemporaryDirectory() as folder:
        sound(read_folder(written(Path(folder), **{table: content[:place] + noise + content[place:]})))


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx"])
def test_other_files_of_random_bytes(suffix, tmp_path):
    @settings(max_examples=25, deadline=None)
    @given(st.binary(max_size=300), st.sampled_from([b"", b"PAR1", b"PK\x03\x04"]))
    def holds(noise, start):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / f"people{suffix}").write_bytes(start + noise + start)
            if suffix == ".xlsx":
                with pytest.raises(UnreadableFolder):
                    read_folder(Path(folder))
            else:
                sound(read_folder(Path(folder)))

    holds()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.text(max_size=6), TOKENS, st.text(alphabet='",\n\r a1', max_size=12)), max_size=12))
def test_actuals_of_nothing_but_trouble(rows):
    text = "line_id,date,delivered_minutes,comment\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows)
    with tempfile.TemporaryDirectory() as folder:
        sound(read_folder(written(Path(folder), actuals=text.encode("utf-8", "surrogatepass"))))
