"""Changes of the tables of runs, in order."""
