-- plan_weeks: what the plan of each line is worth in each week, to compare with what is claimed (HLD-1): the timetable's visits, or, where there is
-- none, the planned minutes reported rows in the line's dates carry. Banded and capped like delivered visits (PRC-1). Days that are not compared
-- are worth nothing, but a week with no other plan still has one. On actuals lines only weeks that were submitted (LIN-1). `days` are bits.
WITH plans AS (
    SELECT w.line_no, w.week, t.minutes, t.carers,
        t.days & days_of_week(greatest(t.from_date, w.from_date), least(t.until_date, w.until_date), w.week) AS days
    FROM line_weeks w
    JOIN timetables t ON t.line_no = w.line_no AND t.from_date < w.until_date AND t.until_date > w.from_date
    LEFT JOIN reported_weeks r ON r.line_no = w.line_no AND r.week = w.week
    WHERE w.basis = 'planned' OR r.line_no IS NOT NULL
    UNION ALL
    SELECT line_no, week, minutes, carers, days FROM told_plans
),
counted AS (
    SELECT p.line_no, p.week, p.carers, p.days & days_of_week(t.from_date, t.until_date, p.week) AS days, t.price_no, t.own_rate, t.own_unit,
        payable(p.minutes, p.minutes, t.band_step, t.band_added, t.cap_at_planned) AS payable_minutes
    FROM plans p
    JOIN visit_terms t ON t.line_no = p.line_no AND t.from_date < p.week + 7 AND t.until_date > p.week
),
left_out AS (
    SELECT u.line_no, week_of(u.date, l.first_weekday) AS week, bit_or(1 << (u.date - week_of(u.date, l.first_weekday))::INTEGER) AS days
    FROM uncompared_days u
    JOIN package_lines l USING (line_no)
    GROUP BY ALL
),
compared AS (
    SELECT c.* EXCLUDE (days), c.days & ~coalesce(u.days, 0) AS days
    FROM counted c
    LEFT JOIN left_out u ON u.line_no = c.line_no AND u.week = c.week
    WHERE c.days <> 0
),
priced AS (
    SELECT c.line_no, c.week, c.payable_minutes, c.carers, CASE WHEN c.own_rate IS NULL THEN c.days & r.days ELSE c.days END AS days,
        usable_rate(coalesce(c.own_rate, r.rate_centipence)) AS rate_centipence, coalesce(c.own_unit, r.unit) AS unit, coalesce(r.is_band, FALSE) AS is_band
    FROM compared c
    LEFT JOIN rate_weeks r
        ON r.price_no = c.price_no AND r.week = c.week AND c.payable_minutes BETWEEN r.low AND r.high AND c.own_rate IS NULL
)
SELECT line_no, week,
    coalesce(sum(bit_count(days) * visit_parts(rate_centipence, unit, is_band, payable_minutes, NULL::INTEGER, carers, 10000)), 0)::HUGEINT AS plan_parts
FROM priced
GROUP BY line_no, week
