"""Who may come in, for which organisation, and what each role may see and do."""
