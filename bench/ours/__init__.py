"""Almoner's side of each measurement."""
