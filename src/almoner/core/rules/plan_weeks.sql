-- plan_weeks: what the plan of each line is worth in each week, to compare with what is claimed (HLD-1): the timetable's visits, or, where there is
-- none, the planned minutes reported rows in the line's dates carry. Banded and capped like delivered visits (PRC-1). Days that are not compared
-- are worth nothing, but a week with no other plan still has one.
WITH plans AS (
    SELECT line_no, date, week, minutes, carers FROM planned_visits
    UNION ALL
    SELECT n.line_no, n.date, n.week, n.plan_minutes, n.carers
    FROM named n
    JOIN package_lines l USING (line_no)
    WHERE NOT l.has_timetable AND n.plan_minutes > 0 AND NOT l.cancelled
        AND n.date >= l.start_date AND (l.last_day IS NULL OR n.date <= l.last_day)
),
counted AS (
    SELECT p.line_no, p.date, p.week, p.carers, t.price_no,
        payable(p.minutes, p.minutes, t.band_step, t.band_added, t.cap_at_planned) AS payable_minutes
    FROM plans p
    JOIN visit_terms t ON t.line_no = p.line_no AND p.date >= t.from_date AND p.date < t.until_date
)
SELECT c.line_no, c.week,
    coalesce(sum(visit_parts(
        usable_rate(coalesce(o.rate_centipence, r.rate_centipence)), CASE WHEN o.line_no IS NOT NULL THEN o.unit ELSE r.unit END,
        o.line_no IS NULL AND coalesce(r.is_band, FALSE), c.payable_minutes, NULL::INTEGER, c.carers, 10000)) FILTER (u.line_no IS NULL), 0)::HUGEINT AS plan_parts
FROM counted c
LEFT JOIN line_rate_periods o ON o.line_no = c.line_no AND c.date >= o.from_date AND c.date < o.until_date
LEFT JOIN rates_on r ON r.price_no = c.price_no AND r.date = c.date AND c.payable_minutes BETWEEN r.low AND r.high
LEFT JOIN uncompared_days u ON u.line_no = c.line_no AND u.date = c.date
GROUP BY c.line_no, c.week
