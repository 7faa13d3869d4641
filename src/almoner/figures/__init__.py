"""Numbers set by law and by calendar, in dated TOML files with a source for every value."""
