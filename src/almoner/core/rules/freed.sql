-- freed: visit holds that a release covers, by line, week and code (HLD-4): each filled cell of the release equals the hold's.
-- A release is void when an actual of that line and week was submitted later than its `at`.
WITH asked AS MATERIALIZED (
    SELECT f.line_no, f.week, f.code, l.person_id, l.provider_id, l.line_id, w.last_submitted_at
    FROM (SELECT DISTINCT line_no, week, code FROM visit_flags) f
    JOIN package_lines l USING (line_no)
    LEFT JOIN reported_weeks w ON w.line_no = f.line_no AND w.week = f.week
)
SELECT DISTINCT f.line_no, f.week, f.code
FROM asked f
JOIN releases_in_force r
    ON r.code = f.code
    AND (r.person_id IS NULL OR r.person_id = f.person_id) AND (r.provider_id IS NULL OR r.provider_id = f.provider_id)
    AND (r.line_id IS NULL OR r.line_id = f.line_id) AND (r.week IS NULL OR r.week = f.week)
WHERE NOT coalesce(f.last_submitted_at > r."at", FALSE)
