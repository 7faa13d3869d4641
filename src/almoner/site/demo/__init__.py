"""`almoner demo`: an invented council pays twice and lives through what really happens; then a real council's payments are carried."""
