"""Pages of what one person changes and another puts in force."""
