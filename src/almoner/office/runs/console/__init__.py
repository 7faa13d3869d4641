"""The console's pages of holds, runs and weeks not submitted."""
