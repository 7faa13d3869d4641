"""What may not be done with a claim."""

from __future__ import annotations

from almoner.office.journal.refusals import Refusal


class NoSuchClaim(Refusal):
    """No claim receipt of this funder has that number."""

    code = "NO-SUCH-CLAIM"


class ClaimInvoiced(Refusal):
    """A receipt that stands on an invoice is not disputed any more; what is wrong with it is put right by a later receipt."""

    code = "CLAIM-INVOICED"


class ClaimDisputed(Refusal):
    """A receipt is disputed already, or waits with one of the same week that is."""

    code = "CLAIM-DISPUTED"


class ClaimNotDisputed(Refusal):
    """What is answered or settled must be disputed."""

    code = "CLAIM-NOT-DISPUTED"


class DisputeIncomplete(Refusal):
    """A dispute names its reason, how much of the receipt it is about, and says why in words."""

    code = "DISPUTE-INCOMPLETE"


class NotCorrected(Refusal):
    """No later receipt has corrected what is disputed."""

    code = "CLAIM-NOT-CORRECTED"


class ClaimsMoved(Refusal):
    """What is claimed is not any more what was on the page."""

    code = "CLAIMS-MOVED"


class NothingToInvoice(Refusal):
    """Every receipt is invoiced, disputed, or of a run that is not approved yet."""

    code = "NOTHING-TO-INVOICE"


class PaymentRefused(Refusal):
    """What a funder paid must be of an invoice, no more than is unpaid, on a day that is not ahead, with the bank's reference."""

    code = "INVOICE-PAYMENT"
