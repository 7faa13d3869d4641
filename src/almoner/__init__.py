"""Almoner pays for adult social care: what was agreed, what was delivered, what is owed, and why."""

__version__ = "0.1.0"
