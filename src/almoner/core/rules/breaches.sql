-- breaches: person, provider and week whose claimed value differs from the planned by strictly more than the tolerance (HLD-1).
-- The lowest tolerance of the compared contracts at the week's first day; `excess` only if every compared contract holds so.
-- Freed when an actual of the group carries a reason its contract lists (HLD-2), or by a release without a line (HLD-4).
WITH sums AS (
    SELECT c.care_no, c.week, min(t.tolerance_basis_points) AS tolerance_basis_points, bool_and(t.hold = 'excess') AS holds_excess,
        coalesce(list_reduce(list(c.split) FILTER (c.split > 1), lambda a, b: lcm(a, b)), 1)::HUGEINT AS split,
        sum(c.claimed_parts)::HUGEINT AS claimed_parts, sum(c.planned_parts)::HUGEINT AS planned_parts
    FROM compared_weeks c
    JOIN contract_periods t ON t.contract_no = c.contract_no AND c.week >= t.from_date AND c.week < t.until_date
    GROUP BY c.care_no, c.week
),
groups AS (
    SELECT * FROM sums WHERE split = 1
    UNION ALL
    SELECT g.care_no, g.week, g.tolerance_basis_points, g.holds_excess, g.split,
        sum(c.claimed_parts * quotient(g.split, c.split))::HUGEINT, sum(c.planned_parts * quotient(g.split, c.split))::HUGEINT
    FROM sums g
    JOIN compared_weeks c ON c.care_no = g.care_no AND c.week = g.week
    WHERE g.split > 1
    GROUP BY g.care_no, g.week, g.tolerance_basis_points, g.holds_excess, g.split
),
over AS MATERIALIZED (
    SELECT *
    FROM groups
    WHERE abs(claimed_parts - planned_parts) * 10000 > planned_parts * tolerance_basis_points
        AND NOT (holds_excess AND claimed_parts <= planned_parts)
),
excused AS (
    SELECT DISTINCT l.care_no, w.week
    FROM reported_weeks w
    JOIN package_lines l USING (line_no)
    JOIN contract_periods t ON t.contract_no = l.contract_no AND w.week >= t.from_date AND w.week < t.until_date
    ANTI JOIN unready_weeks u ON u.line_no = w.line_no AND u.week = w.week
    WHERE w.reasons IS NOT NULL AND list_has_any(w.reasons, list_filter(t.release_reasons, lambda reason: reason <> ''))
),
asked AS MATERIALIZED (
    SELECT o.care_no, o.week, p.person_id, p.provider_id
    FROM over o
    JOIN (SELECT DISTINCT care_no, person_id, provider_id FROM package_lines) p USING (care_no)
),
released AS (
    SELECT o.care_no, o.week, r.line_id, r."at"
    FROM asked o
    JOIN releases_in_force r
        ON r.code = 'TOL' AND (r.person_id IS NULL OR r.person_id = o.person_id)
        AND (r.provider_id IS NULL OR r.provider_id = o.provider_id) AND (r.week IS NULL OR r.week = o.week)
),
last_words AS (
    SELECT l.care_no, w.week, max(w.last_submitted_at) AS last_submitted_at
    FROM reported_weeks w
    JOIN package_lines l USING (line_no)
    SEMI JOIN released r ON r.care_no = l.care_no AND r.week = w.week
    GROUP BY l.care_no, w.week
),
decided AS (
    SELECT r.care_no, r.week, r.line_id
    FROM released r
    LEFT JOIN last_words w ON w.care_no = r.care_no AND w.week = r.week
    WHERE NOT coalesce(w.last_submitted_at > r."at", FALSE)
)
SELECT o.*, (SELECT list(DISTINCT d.line_id) FROM decided d WHERE d.care_no = o.care_no AND d.week = o.week AND d.line_id IS NOT NULL) AS freed_lines
FROM over o
ANTI JOIN excused USING (care_no, week)
ANTI JOIN (SELECT DISTINCT care_no, week FROM decided WHERE line_id IS NULL) all_freed USING (care_no, week)
