"""Dated versions of facts: kept in the order they were recorded, never changed, read as they stood at any moment."""
