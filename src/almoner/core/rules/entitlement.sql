-- entitlement: what ought to have been paid, claimed and charged for every key, with held money out (`lo`) and in (`hi`) (HLD-5, FND-3, CHG).
-- One row per book and key; ids not part of a key are empty.
WITH weeks AS (
    SELECT line_no, week FROM stated_weeks UNION SELECT line_no, week FROM top_up_weeks
),
states AS (
    SELECT line_no, week, unnest(['hi', 'lo']) AS state FROM weeks
),
stopped AS (
    SELECT DISTINCT line_no, week FROM held_weeks WHERE kept_parts IS NULL
),
topped AS (
    SELECT line_no, week, sum(top_up_pence)::BIGINT AS top_up_pence FROM top_up_weeks GROUP BY line_no, week
),
direct AS (
    SELECT line_no, week, state, sum(amount_pence)::BIGINT AS direct_pence
    FROM funder_shares WHERE settlement = 'direct' GROUP BY line_no, week, state
),
paid AS (
    SELECT s.line_no, s.week, s.state,
        coalesce(w.gross_pence, 0) - coalesce(d.direct_pence, 0) - coalesce(n.netted_pence, 0)
            + CASE WHEN s.state = 'lo' AND x.line_no IS NOT NULL THEN 0 ELSE coalesce(t.top_up_pence, 0) END AS amount_pence
    FROM states s
    LEFT JOIN stated_weeks w ON w.line_no = s.line_no AND w.week = s.week AND w.state = s.state
    LEFT JOIN direct d ON d.line_no = s.line_no AND d.week = s.week AND d.state = s.state
    LEFT JOIN netted_weeks n ON n.line_no = s.line_no AND n.week = s.week AND n.state = s.state
    LEFT JOIN topped t ON t.line_no = s.line_no AND t.week = s.week
    LEFT JOIN stopped x ON x.line_no = s.line_no AND x.week = s.week
    UNION ALL
    SELECT line_no, week, unnest(['hi', 'lo']), -rounded_pence(exact_parts, 1) FROM one_offs WHERE is_negative
),
keyed AS (
    SELECT 'payments' AS book, l.provider_id AS payee_id, l.person_id, l.line_id, l.provider_id, '' AS funder_id, p.week, p.state, p.amount_pence,
        l.post_from, l.post_until
    FROM paid p JOIN package_lines l USING (line_no)
    UNION ALL
    SELECT 'claims', f.funder_id, l.person_id, l.line_id, l.provider_id, f.funder_id, f.week, f.state, f.amount_pence, l.post_from, l.post_until
    FROM funder_shares f JOIN package_lines l USING (line_no)
    WHERE f.settlement = 'claim'
    UNION ALL
    SELECT 'charges', c.person_id, c.person_id, '', '', '', c.week, c.state, c.council_pence, w.post_from, w.post_until
    FROM person_charges c JOIN person_windows w USING (person_id)
    UNION ALL
    SELECT 'charges', t.payer_id, l.person_id, l.line_id, '', '', t.week, s.state,
        CASE WHEN s.state = 'lo' AND x.line_no IS NOT NULL THEN 0 ELSE t.top_up_pence END, l.post_from, l.post_until
    FROM top_up_weeks t
    JOIN package_lines l USING (line_no)
    CROSS JOIN (SELECT unnest(['hi', 'lo']) AS state) s
    LEFT JOIN stopped x ON x.line_no = t.line_no AND x.week = t.week
)
SELECT book, payee_id, person_id, line_id, provider_id, funder_id, week,
    coalesce(sum(amount_pence) FILTER (state = 'lo'), 0)::BIGINT AS lo_pence, coalesce(sum(amount_pence) FILTER (state = 'hi'), 0)::BIGINT AS hi_pence
FROM keyed
WHERE week >= post_from AND week < post_until AND week <= getvariable('through')::DATE
GROUP BY book, payee_id, person_id, line_id, provider_id, funder_id, week
