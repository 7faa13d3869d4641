-- holds: everything stopped until someone decides (HLD), one row per code, line and week (TOL: person, provider and week), with what would be
-- paid if released (visits: their gross value). A hold of nothing is not shown, save UNP and RAT, which must be mended.
WITH unpriced AS (
    SELECT DISTINCT line_no, week FROM quantity_days WHERE is_due AND rate_missing
    UNION SELECT line_no, week FROM placement_days WHERE rate_missing
    UNION SELECT line_no, week FROM one_offs WHERE rate_missing
),
by_line AS (
    -- visits count whole parts and a week has one total: the total's split is their common denominator, and they are rounded once
    SELECT line_no, week, code, CASE WHEN code = 'RAT' THEN 0 ELSE rounded_pence(parts, split) END::BIGINT AS amount_pence
    FROM (
        SELECT line_no, week, code, max(split) AS split, sum(parts * (CASE WHEN split = 1 THEN most ELSE 1 END))::HUGEINT AS parts
        FROM (SELECT *, max(split) OVER (PARTITION BY line_no, week, code) AS most FROM held_worth)
        GROUP BY ALL
    )
    UNION
    SELECT line_no, week, 'RAT', 0 FROM unpriced
),
stopped AS (
    SELECT h.code, l.person_id, l.provider_id, CASE WHEN h.code = 'TOL' THEN '' ELSE l.line_id END AS line_id, h.week,
        sum(p.hi_pence - p.cleared_pence)::BIGINT AS amount_pence
    FROM held_weeks h
    JOIN package_lines l USING (line_no)
    JOIN balances p ON p.book = 'payments' AND p.line_no = h.line_no AND p.week = h.week
    GROUP BY ALL
),
every AS (
    SELECT b.code, l.person_id, l.provider_id, l.line_id, b.week, b.amount_pence, l.post_from, l.post_until
    FROM by_line b JOIN package_lines l USING (line_no)
    UNION ALL
    SELECT s.*, l.post_from, l.post_until
    FROM stopped s JOIN person_windows l USING (person_id)
    UNION ALL
    SELECT payee_code, person_id, provider_id, line_id, week, cleared_pence - posted_pence, DATE '0001-01-01', DATE '9999-12-31'
    FROM positions WHERE payee_code IS NOT NULL
)
SELECT code, person_id, provider_id, line_id, week, amount_pence
FROM every
WHERE (amount_pence > 0 OR code = 'RAT') AND week >= post_from AND week < post_until
UNION ALL
SELECT 'UNP', '', '', line_id, week, 0 FROM unplaced
