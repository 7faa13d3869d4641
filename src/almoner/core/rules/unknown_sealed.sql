-- unknown_sealed: receipts sealed earlier whose line or person is not among the facts (DIF-1): facts are never deleted, so someone must look.
-- Without a known line, or of a charge the person, such a receipt belongs to no key; on a known line it counts as paid all the same (sealed).
WITH looked_up AS (
    SELECT r."row", r.book, r.line_id, coalesce(r.person_id, r.payee_id) AS person_id, r.week, r.amount,
        r.line_id IS NULL AND r.book = 'charges' AS is_of_person, l.line_id IS NOT NULL AS is_line_known,
        p.person_id IS NOT NULL OR (r.person_id IS NULL AND r.line_id IS NOT NULL) AS is_person_known
    FROM prior_receipts r
    LEFT JOIN lines l ON l.line_id = r.line_id
    LEFT JOIN people p ON p.person_id = coalesce(r.person_id, r.payee_id)
    WHERE getvariable('strangers')::BOOLEAN AND r.week >= coalesce(getvariable('since')::DATE, DATE '0001-01-01')
)
SELECT "row", book, line_id, person_id, week, amount, is_line_known,
    CASE WHEN is_of_person OR is_line_known THEN 'person_id' ELSE 'line_id' END AS unknown
FROM looked_up
WHERE NOT is_person_known OR NOT (is_line_known OR is_of_person)
