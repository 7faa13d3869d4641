-- top_up_weeks: third-party top-ups the council collects (CHG-6): amount x line days / 7, rounded half up once a week, for each payer.
-- A week still awaiting actuals owes nothing, its top-up included (LIN-1).
WITH line_days AS (
    SELECT line_no, person_id, week, from_date + unnest(range(0, (until_date - from_date)::BIGINT))::INTEGER AS date
    FROM line_weeks
    SEMI JOIN (SELECT line_no FROM package_lines SEMI JOIN top_ups USING (line_id)) topped USING (line_no)
),
days AS (
    SELECT d.line_no, d.person_id, d.week, d.date, t.payer_id, t.amount_per_week, t.collector
    FROM line_days d
    JOIN package_lines l USING (line_no)
    LEFT JOIN reported_weeks r ON r.line_no = d.line_no AND r.week = d.week
    JOIN top_ups t ON t.line_id = l.line_id AND d.date >= t.valid_from AND (t.valid_to IS NULL OR d.date <= t.valid_to)
    WHERE l.basis <> 'actuals' OR r.line_no IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY d.line_no, d.date, t.payer_id ORDER BY t.valid_from DESC, t."row" DESC) = 1
)
SELECT line_no, person_id, week, payer_id, ((2 * sum(amount_per_week) + 7) // 14)::BIGINT AS top_up_pence
FROM days
WHERE collector = 'council'
GROUP BY line_no, person_id, week, payer_id
