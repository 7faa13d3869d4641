"""The same over the wire: lines, weeks, actuals, payments, receipts and holds of one provider, for its own system."""
