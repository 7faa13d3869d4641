-- reported: what providers said, each visit and each week's total once (LIN-1, LIN-6): it replaces what was said before, it never adds.
SELECT * EXCLUDE (visit_key) FROM spoken ANTI JOIN replaced USING ("row")
