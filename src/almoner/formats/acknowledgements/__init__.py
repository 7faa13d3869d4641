"""The acknowledgement of actuals, for providers to keep."""
