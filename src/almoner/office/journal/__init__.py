"""Who did what when: one line an act, without personal data, chained so that a missing line shows."""
