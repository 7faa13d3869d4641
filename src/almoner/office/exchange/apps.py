"""Django's name for this capability."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Tables in and out; it has no tables of its own."""

    name = "almoner.office.exchange"
    label = "exchange"
    verbose_name = "Exchange"
