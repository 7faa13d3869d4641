-- held_weeks: every line and week whose money is stopped for now, with its code: AUT, AGR, or TOL (HLD-1, HLD-5).
-- TOL stops all that person's lines with the provider, of every basis; under `excess` only the part of a compared line above its own plan:
-- `kept_parts` of `claimed_parts` stay payable (NULL: nothing is).
SELECT line_no, week, code, NULL::HUGEINT AS kept_parts, NULL::HUGEINT AS claimed_parts
FROM unready_weeks
UNION ALL
SELECT l.line_no, b.week, 'TOL', CASE WHEN b.holds_excess THEN c.planned_parts END, CASE WHEN b.holds_excess THEN c.claimed_parts END
FROM breaches b
JOIN package_lines l ON l.care_no = b.care_no
LEFT JOIN compared_weeks c ON c.line_no = l.line_no AND c.week = b.week
WHERE NOT l.is_negative AND NOT coalesce(list_contains(b.freed_lines, l.line_id), FALSE)
    AND (NOT b.holds_excess OR c.claimed_parts > c.planned_parts)
    AND NOT EXISTS (SELECT 1 FROM unready_weeks u WHERE u.line_no = l.line_no AND u.week = b.week)
    AND week_of(b.week, l.first_weekday) = b.week
