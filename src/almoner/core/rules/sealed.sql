-- sealed: everything sealed before, summed by key (DIF-1), for weeks that begin by `through` and are in scope (CAL-3).
-- The key of a payment is line and week, of a claim line, week and funder, of a charge person and week, of a top-up payer, line and week.
WITH keyed AS (
    SELECT r.book::books AS book, coalesce(l.line_no, 0) AS line_no,
        CASE WHEN r.line_id IS NULL THEN coalesce(r.person_id, r.payee_id) ELSE '' END AS person_id,
        CASE r.book WHEN 'payments' THEN '' WHEN 'claims' THEN coalesce(r.funder_id, r.payee_id)
                    ELSE coalesce(r.payee_id, r.person_id) END AS payee_id,
        r.week, r.amount, coalesce(l.post_from, w.post_from) AS post_from, coalesce(l.post_until, w.post_until) AS post_until
    FROM prior_receipts r
    LEFT JOIN package_lines l ON l.line_id = r.line_id
    LEFT JOIN person_windows w ON w.person_id = coalesce(r.person_id, r.payee_id) AND r.line_id IS NULL
    WHERE r.week <= getvariable('through')::DATE AND r.week >= coalesce(getvariable('since')::DATE, DATE '0001-01-01')
        AND (l.line_no IS NOT NULL OR (r.book = 'charges' AND w.person_id IS NOT NULL))
)
SELECT book, line_no, person_id, payee_id, week, sum(amount)::BIGINT AS sealed_pence
FROM keyed
WHERE week >= post_from AND week < post_until
GROUP BY book, line_no, person_id, payee_id, week
