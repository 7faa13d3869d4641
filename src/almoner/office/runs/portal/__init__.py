"""What a provider sees of payments, holds and the weeks behind them."""
