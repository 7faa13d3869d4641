"""Runs: a draft is calculated, sealed, approved by another, issued and settled; receipts, holds, payments, the chain."""
