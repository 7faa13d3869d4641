"""Invoices to funders: the document and the file of their receipts."""
