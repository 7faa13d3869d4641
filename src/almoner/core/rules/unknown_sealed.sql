-- unknown_sealed: receipts sealed earlier whose line or person is not among the facts (DIF-1): facts are never deleted, so these make no receipt.
SELECT r."row", r.book, r.line_id, coalesce(r.person_id, r.payee_id) AS person_id, r.week, r.amount
FROM prior_receipts r
LEFT JOIN lines l ON l.line_id = r.line_id
LEFT JOIN people p ON p.person_id = coalesce(r.person_id, r.payee_id)
WHERE getvariable('strangers')::BOOLEAN AND r.week >= coalesce(getvariable('since')::DATE, DATE '0001-01-01')
    AND CASE WHEN r.line_id IS NULL AND r.book = 'charges' THEN p.person_id IS NULL ELSE l.line_id IS NULL END
