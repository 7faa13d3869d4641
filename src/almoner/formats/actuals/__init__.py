"""Actuals as providers send them: our own columns in CSV or a workbook, and the published service-delivery layout of 24 columns."""
