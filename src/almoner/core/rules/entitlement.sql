-- entitlement: what ought to have been paid, claimed and charged for every key, with held money out (`lo`) and in (`hi`) (HLD-5, FND-3, CHG).
-- One row per book and key: a payment's is its line, a claim's its line and funder, a charge's the person, a top-up's its line and payer; what is not
-- part of a key is 0 or empty. A payment is the gross, less what funders pay directly and providers collect, and
-- the top-ups the council collects.
WITH stopped AS MATERIALIZED (
    SELECT DISTINCT line_no, week FROM held_weeks WHERE kept_parts IS NULL
),
topped AS (
    SELECT t.line_no, t.person_id, t.week, t.payer_id, CASE WHEN x.line_no IS NULL THEN t.top_up_pence ELSE 0 END AS lo_pence,
        t.top_up_pence AS hi_pence
    FROM top_up_weeks t
    LEFT JOIN stopped x ON x.line_no = t.line_no AND x.week = t.week
),
pieces AS (
    SELECT line_no, week, state, gross_pence AS pence FROM stated_weeks
    UNION ALL
    SELECT line_no, week, state, -amount_pence FROM funder_shares WHERE settlement = 'direct'
    UNION ALL
    SELECT line_no, week, state, -netted_pence FROM netted_weeks
    UNION ALL
    SELECT line_no, week, 'lo', lo_pence FROM topped
    UNION ALL
    SELECT line_no, week, 'hi', hi_pence FROM topped
    UNION ALL
    SELECT line_no, week, 'both', -rounded_pence(exact_parts, 1) FROM one_offs WHERE is_negative
),
paid AS (
    SELECT line_no, week, coalesce(sum(pence) FILTER (state <> 'hi'), 0)::BIGINT AS lo_pence,
        coalesce(sum(pence) FILTER (state <> 'lo'), 0)::BIGINT AS hi_pence
    FROM pieces
    GROUP BY line_no, week
),
claimed AS (
    SELECT line_no, week, funder_id, coalesce(sum(amount_pence) FILTER (state <> 'hi'), 0)::BIGINT AS lo_pence,
        coalesce(sum(amount_pence) FILTER (state <> 'lo'), 0)::BIGINT AS hi_pence
    FROM funder_shares
    WHERE settlement = 'claim'
    GROUP BY line_no, week, funder_id
),
charged AS (
    SELECT person_id, week, coalesce(sum(council_pence) FILTER (state <> 'hi'), 0)::BIGINT AS lo_pence,
        coalesce(sum(council_pence) FILTER (state <> 'lo'), 0)::BIGINT AS hi_pence
    FROM person_charges
    GROUP BY person_id, week
),
keyed AS (
    SELECT 'payments'::books AS book, p.line_no, '' AS person_id, '' AS payee_id, p.week, p.lo_pence, p.hi_pence, l.post_from, l.post_until
    FROM paid p JOIN package_lines l USING (line_no)
    UNION ALL
    SELECT 'claims', c.line_no, '', c.funder_id, c.week, c.lo_pence, c.hi_pence, l.post_from, l.post_until
    FROM claimed c JOIN package_lines l USING (line_no)
    UNION ALL
    SELECT 'charges', 0, c.person_id, c.person_id, c.week, c.lo_pence, c.hi_pence, w.post_from, w.post_until
    FROM charged c JOIN person_windows w USING (person_id)
    UNION ALL
    SELECT 'charges', t.line_no, '', t.payer_id, t.week, t.lo_pence, t.hi_pence, l.post_from, l.post_until
    FROM topped t JOIN package_lines l USING (line_no)
)
SELECT * EXCLUDE (post_from, post_until)
FROM keyed
WHERE week >= post_from AND week < post_until AND week <= getvariable('through')::DATE
