-- breaches: person, provider and week whose claimed value differs from the planned by strictly more than the tolerance (HLD-1).
-- The lowest tolerance of the compared contracts at the week's first day; `excess` only if every compared contract holds so.
-- Freed when an actual of the group carries a reason its contract lists (HLD-2), or by a release without a line (HLD-4).
WITH commons AS (
    SELECT c.person_id, c.provider_id, c.week, min(t.tolerance_basis_points) AS tolerance_basis_points, bool_and(t.hold = 'excess') AS holds_excess,
        CASE WHEN min(c.split) = max(c.split) THEN min(c.split) ELSE list_reduce(list(DISTINCT c.split), lambda a, b: lcm(a, b)) END::HUGEINT AS split
    FROM compared_weeks c
    JOIN contract_periods t ON t.contract_id = c.contract_id AND c.week >= t.from_date AND c.week < t.until_date
    GROUP BY c.person_id, c.provider_id, c.week
),
groups AS (
    SELECT g.person_id, g.provider_id, g.week, g.tolerance_basis_points, g.holds_excess, g.split,
        sum(c.claimed_parts * (g.split // c.split))::HUGEINT AS claimed_parts, sum(c.planned_parts * (g.split // c.split))::HUGEINT AS planned_parts
    FROM commons g
    JOIN compared_weeks c ON c.person_id = g.person_id AND c.provider_id = g.provider_id AND c.week = g.week
    GROUP BY ALL
),
over AS (
    SELECT *
    FROM groups
    WHERE abs(claimed_parts - planned_parts) * 10000 > planned_parts * tolerance_basis_points
        AND NOT (holds_excess AND claimed_parts <= planned_parts)
),
excused AS (
    SELECT DISTINCT l.person_id, l.provider_id, w.week
    FROM reported_weeks w
    JOIN package_lines l USING (line_no)
    JOIN contract_periods t ON t.contract_id = l.contract_id AND w.week >= t.from_date AND w.week < t.until_date
    ANTI JOIN unready_weeks u ON u.line_no = w.line_no AND u.week = w.week
    WHERE list_has_any(coalesce(w.reasons, []::VARCHAR[]), list_filter(t.release_reasons, lambda reason: reason <> ''))
),
last_words AS (
    SELECT l.person_id, l.provider_id, w.week, max(w.last_submitted_at) AS last_submitted_at
    FROM reported_weeks w JOIN package_lines l USING (line_no)
    GROUP BY ALL
),
decided AS (
    SELECT o.person_id, o.provider_id, o.week, r.line_id
    FROM over o
    LEFT JOIN last_words w ON w.person_id = o.person_id AND w.provider_id = o.provider_id AND w.week = o.week
    JOIN releases_in_force r
        ON r.code = 'TOL' AND (r.person_id IS NULL OR r.person_id = o.person_id)
        AND (r.provider_id IS NULL OR r.provider_id = o.provider_id) AND (r.week IS NULL OR r.week = o.week)
        AND NOT coalesce(w.last_submitted_at > r."at", FALSE)
)
SELECT o.*, (SELECT list(DISTINCT d.line_id) FROM decided d
             WHERE d.person_id = o.person_id AND d.provider_id = o.provider_id AND d.week = o.week AND d.line_id IS NOT NULL) AS freed_lines
FROM over o
ANTI JOIN excused USING (person_id, provider_id, week)
ANTI JOIN (SELECT DISTINCT person_id, provider_id, week FROM decided WHERE line_id IS NULL) all_freed USING (person_id, provider_id, week)
