"""What may not be done with actuals: typed, safe to show, each with a code and a remedy."""

from __future__ import annotations

from almoner.office.journal.refusals import Refusal


class NothingToSubmit(Refusal):
    """There is no draft, or no row of a file, that could be submitted."""

    code = "NOTHING-TO-SUBMIT"


class DraftChanged(Refusal):
    """Somebody changed the draft since it was looked at."""

    code = "DRAFT-CHANGED"


class NoSuchUpload(Refusal):
    """The organisation has no upload of that number."""

    code = "NO-SUCH-UPLOAD"


class UploadEnded(Refusal):
    """The upload was discarded, so it cannot be submitted."""

    code = "UPLOAD-ENDED"
