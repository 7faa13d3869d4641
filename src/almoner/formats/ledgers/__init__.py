"""Files for the finance system's ledger: rows of a run, put in the columns a council's mapping file names."""
