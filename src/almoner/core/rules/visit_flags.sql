-- visit_flags: every reason for which a visit, or a week's total, would be held, before releases (HLD-3), one row per visit and code.
-- A visit that would pay nothing anyway is not held.
WITH told AS (
    SELECT d.visit_no, d.line_no, d.date, d.week, d.is_future, d.rate_missing,
        coalesce(d.date > l.date_of_death, FALSE) AS is_after_death,
        l.cancelled OR d.date < l.start_date OR coalesce(d.date > l.end_date, FALSE) AS is_outside,
        d.visit_no IN (SELECT "row" FROM doubled_visits UNION ALL SELECT "row" FROM carer_clashes UNION ALL SELECT "row" FROM twice_named) AS is_doubled,
        r.line_no IS NOT NULL AS has_total,
        h.line_no IS NOT NULL AND d.outcome <> 'frustrated' AS in_hospital
    FROM visits d
    JOIN package_lines l USING (line_no)
    LEFT JOIN (SELECT line_no, week FROM reported_weeks WHERE has_total) r ON r.line_no = d.line_no AND r.week = d.week
    LEFT JOIN hospital_days h ON h.line_no = d.line_no AND h.date = d.date
    WHERE d.exact_parts > 0 OR d.rate_missing
),
doubtful AS MATERIALIZED (
    SELECT * FROM told WHERE is_future OR is_doubled OR has_total OR is_after_death OR is_outside OR in_hospital OR rate_missing
),
flags AS (
    SELECT visit_no, line_no, week,
        unnest([
            CASE WHEN is_future THEN 'FUT' END,
            CASE WHEN is_doubled OR has_total THEN 'DUP' END,
            CASE WHEN is_after_death THEN 'DTH' END,
            CASE WHEN is_outside THEN 'DAT' END,
            CASE WHEN in_hospital THEN 'HOS' END,
            CASE WHEN rate_missing THEN 'RAT' END]) AS code
    FROM doubtful
),
total_flags AS (
    SELECT DISTINCT "row" AS total_row, line_no, week,
        unnest([
            CASE WHEN week > submitted_at::DATE THEN 'FUT' END,
            CASE WHEN NOT any_in_line AND week > date_of_death THEN 'DTH' END,
            CASE WHEN NOT any_in_line AND NOT coalesce(week > date_of_death, FALSE) THEN 'DAT' END,
            CASE WHEN rate_missing THEN 'RAT' END]) AS code
    FROM totals
)
SELECT visit_no, NULL::BIGINT AS total_row, line_no, week, code FROM flags WHERE code IS NOT NULL
UNION ALL
SELECT NULL, total_row, line_no, week, code FROM total_flags WHERE code IS NOT NULL
