-- unready_weeks: weeks of lines not authorised, or not agreed by the provider, by `through` (LIN-8), with the first unreleased code.
-- Looked up among the terms at the week's first day, or the line's start if later. A negative one-off has no hold (RND-5).
WITH looked_up AS (
    SELECT c.line_no, c.week, l.person_id, l.provider_id, l.line_id,
        coalesce(t.authorised_on > getvariable('through')::DATE, TRUE) AS unauthorised,
        k.needs_agreement AND coalesce(t.agreed_on > getvariable('through')::DATE, TRUE) AS unagreed
    FROM (SELECT line_no, week FROM line_weeks UNION SELECT line_no, week FROM reported_weeks) c
    JOIN package_lines l USING (line_no)
    JOIN line_periods t
        ON t.line_no = l.line_no AND greatest(c.week, l.start_date) >= t.from_date AND greatest(c.week, l.start_date) < t.until_date
    JOIN contract_periods k
        ON k.contract_id = l.contract_id AND greatest(c.week, l.start_date) >= k.from_date AND greatest(c.week, l.start_date) < k.until_date
),
flags AS (
    SELECT line_no, week, person_id, provider_id, line_id, 'AUT' AS code FROM looked_up WHERE unauthorised
    UNION ALL
    SELECT line_no, week, person_id, provider_id, line_id, 'AGR' FROM looked_up WHERE unagreed
),
asked AS MATERIALIZED (
    SELECT f.*, w.last_submitted_at FROM flags f LEFT JOIN reported_weeks w ON w.line_no = f.line_no AND w.week = f.week
)
SELECT f.line_no, f.week, CASE WHEN bool_or(f.code = 'AUT') THEN 'AUT' ELSE 'AGR' END AS code
FROM asked f
WHERE NOT EXISTS (
    SELECT 1 FROM releases_in_force r
    WHERE r.code = f.code AND (r.person_id IS NULL OR r.person_id = f.person_id) AND (r.provider_id IS NULL OR r.provider_id = f.provider_id)
        AND (r.line_id IS NULL OR r.line_id = f.line_id) AND (r.week IS NULL OR r.week = f.week)
        AND NOT coalesce(f.last_submitted_at > r."at", FALSE))
GROUP BY f.line_no, f.week
