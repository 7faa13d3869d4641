"""What was imported and recorded, when and by whom. Sealed: added to, never changed."""

from __future__ import annotations

from django.db import models

from almoner.office.records.fields import VersionField


class ImportBatch(models.Model):
    """One folder or file read in. `sha256` is over the names and bytes of its files, in the order of their names."""

    at = models.DateTimeField()
    by = models.TextField()
    source = models.TextField(help_text="the folder's or file's own name, without its path")
    sha256 = models.TextField()

    class Meta:
        db_table = "almoner_import_batches"
        ordering = ("id",)


class ImportedTable(models.Model):
    """What an import made of one table; `read` = new + updated + unchanged + rejected."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="tables")
    table = models.TextField()
    read = models.BigIntegerField()
    new = models.BigIntegerField()
    updated = models.BigIntegerField()
    unchanged = models.BigIntegerField()
    rejected = models.BigIntegerField()
    withdrawn = models.BigIntegerField()

    class Meta:
        db_table = "almoner_imported_tables"
        ordering = ("id",)


class ImportedFile(models.Model):
    """One file of an import, by the hash of its bytes as they came."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="files")
    name = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.TextField()

    class Meta:
        db_table = "almoner_imported_files"
        ordering = ("id",)


class ImportFinding(models.Model):
    """One doubt about an import, in the columns of `core.findings`."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="findings")
    severity = models.TextField()
    table = models.TextField()
    row = models.BigIntegerField()
    column = models.TextField()
    value = models.TextField()
    code = models.TextField()
    message = models.TextField()
    remedy = models.TextField()

    class Meta:
        db_table = "almoner_import_findings"
        ordering = ("id",)


class Recording(models.Model):
    """Versions added to one table in one go: a link of the chain that shows any altered, missing or added version.

    `sha256` is over the canonical lines of the versions and over the recording before it, whatever its table.
    """

    number = VersionField(primary_key=True, help_text="1, 2, 3 … without gaps")
    table = models.TextField()
    first_version = models.BigIntegerField()
    last_version = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    batch = models.BigIntegerField(null=True)
    form = models.PositiveSmallIntegerField(help_text="how the hash is taken (records.stored_form)")
    sha256 = models.TextField()

    class Meta:
        db_table = "almoner_recordings"
        ordering = ("number",)
        indexes = (
            models.Index(fields=["recorded_at"], name="recordings_at"),
            models.Index(fields=["table", "last_version"], name="recordings_versions"),
        )


class Horizon(models.Model):
    """The latest moment a run has looked at. What is recorded afterwards is recorded later than it: nothing slips in behind."""

    at = models.DateTimeField()

    class Meta:
        db_table = "almoner_horizon"
