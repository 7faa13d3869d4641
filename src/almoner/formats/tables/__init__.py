"""The folder of tables: CSV, Parquet or a workbook, read and checked against `core.tables`, and written."""

from almoner.formats.tables.folder import Count, Folder, read_folder
from almoner.formats.tables.sources import UnreadableFolder
from almoner.formats.tables.wording import CODES
from almoner.formats.tables.writing import write_folder

__all__ = ["CODES", "Count", "Folder", "UnreadableFolder", "read_folder", "write_folder"]
