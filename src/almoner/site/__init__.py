"""What this installation runs: settings, urls, the program's entry point."""
