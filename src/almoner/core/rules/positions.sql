-- positions: the balances with the ids of their keys (DIF-1); ids that are not part of a key are empty.
SELECT b.book::VARCHAR AS book, CASE WHEN b.book = 'payments' THEN l.provider_id ELSE b.payee_id END AS payee_id,
    coalesce(l.person_id, b.person_id) AS person_id, coalesce(l.line_id, '') AS line_id,
    CASE WHEN b.book = 'charges' THEN '' ELSE l.provider_id END AS provider_id, CASE WHEN b.book = 'claims' THEN b.payee_id ELSE '' END AS funder_id,
    b.week, b.lo_pence, b.hi_pence, b.sealed_pence, b.was_sealed, b.cleared_pence, b.payee_code, b.posted_pence
FROM balances b
LEFT JOIN package_lines l USING (line_no)
