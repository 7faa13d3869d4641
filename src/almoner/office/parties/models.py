"""Versions of providers, sites, funders and bank accounts."""

from __future__ import annotations

from almoner.office.records.versions import Version


class Provider(Version, of="providers"):
    """An organisation that gives care."""


class Site(Version, of="sites"):
    """A home or branch of a provider."""


class Funder(Version, of="funders"):
    """One who owes a share of the cost."""


class BankAccount(Version, of="bank_accounts"):
    """An account, from the first day it holds."""
