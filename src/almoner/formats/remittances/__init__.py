"""Remittance advice: what a provider is paid, for whom, for which week, and why anything changed. PDF, CSV and XLSX."""
