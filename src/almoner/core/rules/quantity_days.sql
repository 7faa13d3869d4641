-- quantity_days: a quantity a week without a timetable, a seventh for each covered day at that day's own rate (LIN-5).
-- `is_due` on planned lines unless a week's total replaces it; on actuals lines it is only the plan to compare with (HLD-1).
WITH days AS (
    SELECT w.line_no, w.basis, w.week, w.from_date + unnest(range(0, (w.until_date - w.from_date)::BIGINT))::INTEGER AS date
    FROM line_weeks w
    SEMI JOIN (SELECT line_no FROM line_periods WHERE quantity_hundredths IS NOT NULL) q ON q.line_no = w.line_no
    WHERE w.basis IN ('actuals', 'planned')
)
SELECT d.line_no, d.date, d.week, t.quantity_hundredths,
    coalesce(o.unit, r.unit) AS unit,
    coalesce(o.rate_centipence, r.rate_centipence) AS rate_centipence,
    CASE WHEN o.rate_centipence IS NULL THEN r.valid_from ELSE o.valid_from END AS rate_valid_from,
    CASE WHEN coalesce(o.rate_centipence, r.rate_centipence) <= 1000000000
         THEN coalesce(o.rate_centipence, r.rate_centipence)::HUGEINT * t.quantity_hundredths * 6000 ELSE 0 END AS exact_parts,
    coalesce(coalesce(o.rate_centipence, r.rate_centipence) > 1000000000, TRUE) AND t.quantity_hundredths > 0 AS rate_missing,
    d.basis = 'planned' AND NOT coalesce(w.has_total, FALSE) AS is_due
FROM days d
JOIN package_lines l USING (line_no)
JOIN line_periods t ON t.line_no = l.line_no AND d.date >= t.from_date AND d.date < t.until_date
LEFT JOIN reported_weeks w ON w.line_no = d.line_no AND w.week = d.week
LEFT JOIN line_rate_periods o ON o.line_no = d.line_no AND d.date >= o.from_date AND d.date < o.until_date
LEFT JOIN rates_on r ON r.price_no = l.price_no AND r.date = d.date AND NOT r.is_band
WHERE t.quantity_hundredths IS NOT NULL AND NOT l.has_timetable
    AND (d.basis = 'planned' OR (d.basis = 'actuals' AND w.line_no IS NOT NULL))
