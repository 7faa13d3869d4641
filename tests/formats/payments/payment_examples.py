"""The two payments of the golden files, and the council that makes them."""

from __future__ import annotations

from pathlib import Path

from almoner.formats.payments.payment import Payer, Payment

GOLDEN = Path(__file__).parent / "golden"
COUNCIL = Payer("EXAMPLE COUNCIL", "089999", "66374958", "123456")
ALPHA = Payment("CARE0000000001", "P1", "ALPHA CARE LTD", "107999", "88837491", 245_000)
BETA = Payment("CARE0000000002", "P2", "BETA HOMES LTD", "202959", "63748472", 118_075)
