-- totals: a week's total spread over the line's days in that week (LIN-6), one row per total and day.
-- In proportion to planned minutes x carers, evenly without a plan; the days are not cut by `through`, but only days up to it count.
-- `weight` of the day out of `split`; value of the day = exact_parts / split. Not banded. A cap compares minutes x carers.
WITH sent AS MATERIALIZED (
    SELECT r."row", r.line_no, r.week, r.outcome, r.reason, r.submitted_at, r.planned_minutes, r.delivered_minutes, r.units_hundredths, r.carers,
        l.price_no, l.contract_no, l.start_date, l.last_day, l.cancelled, l.date_of_death, l.calc_from, l.calc_until,
        NOT l.cancelled AND greatest(r.week, l.start_date) <= least(r.week + 6, l.last_day) AS any_in_line
    FROM reported r
    JOIN package_lines l USING (line_no)
    WHERE r.is_total AND r.outcome IN ('delivered', 'extra')
),
placed AS (
    SELECT *, week + unnest(range(0, 7))::INTEGER AS date FROM sent
),
counted AS (
    SELECT p."row", p.date, coalesce(sum(s.minutes * s.carers), 0)::BIGINT AS planned, count(s.line_no) AS planned_visits
    FROM placed p
    LEFT JOIN slots s ON s.line_no = p.line_no AND s.weekday = isodow(p.date) AND p.date >= s.from_date AND p.date < s.until_date
    WHERE NOT p.any_in_line OR (p.date >= p.start_date AND (p.last_day IS NULL OR p.date <= p.last_day))
    GROUP BY p."row", p.date
),
planned AS (
    SELECT p.*, c.planned, c.planned_visits FROM placed p JOIN counted c ON c."row" = p."row" AND c.date = p.date
),
whole AS (
    SELECT "row", sum(planned)::BIGINT AS planned_in_week, sum(planned_visits) > 0 AS any_planned, count(*) AS days,
        coalesce(list_reduce(list(planned) FILTER (planned > 0), lambda a, b: gcd(a, b)), 1) AS divisor
    FROM planned
    GROUP BY "row"
),
rated AS (
    SELECT p.* EXCLUDE (planned), CASE WHEN w.planned_in_week = 0 THEN 1 ELSE p.planned // w.divisor END AS weight,
        CASE WHEN w.planned_in_week = 0 THEN w.days ELSE w.planned_in_week // w.divisor END AS split,
        CASE WHEN t.cap_at_planned AND p.outcome <> 'extra' AND w.any_planned AND p.delivered_minutes IS NOT NULL
             THEN least(p.delivered_minutes * p.carers, w.planned_in_week)
             ELSE p.delivered_minutes * p.carers END AS worked_minutes,
        coalesce(o.unit, r.unit) AS unit,
        usable_rate(coalesce(o.rate_centipence, r.rate_centipence)) AS rate_centipence,
        CASE WHEN o.rate_centipence IS NULL THEN r.valid_from ELSE o.valid_from END AS rate_valid_from
    FROM planned p
    JOIN whole w USING ("row")
    JOIN contract_periods t ON t.contract_no = p.contract_no AND p.week >= t.from_date AND p.week < t.until_date
    LEFT JOIN line_rate_periods o ON o.line_no = p.line_no AND p.date >= o.from_date AND p.date < o.until_date
    LEFT JOIN rates_on r ON r.price_no = p.price_no AND r.date = p.date AND NOT r.is_band
    WHERE p.date <= getvariable('through')::DATE
),
priced AS (
    SELECT *,
        coalesce(rate_centipence::HUGEINT * weight * CASE
            WHEN worked_minutes = 0 THEN 0
            WHEN unit = 'hour' THEN worked_minutes * 70000
            ELSE coalesce(units_hundredths, CASE WHEN worked_minutes > 0 THEN 100 END) * 42000 * CASE WHEN unit = 'visit' THEN carers ELSE 1 END
        END, 0) AS exact_parts,
        coalesce(rate_centipence::HUGEINT * weight * CASE
            WHEN unit = 'hour' THEN planned_minutes * carers * 70000
            WHEN planned_minutes > 0 THEN 4200000 * CASE WHEN unit = 'visit' THEN carers ELSE 1 END
        END, 0) AS plan_parts,
        rate_centipence IS NULL AND weight > 0
            AND (worked_minutes > 0 OR (worked_minutes IS NULL AND coalesce(units_hundredths, 0) > 0)) AS day_unpriced
    FROM rated
),
unpriced AS (
    SELECT "row", bool_or(day_unpriced) AS rate_missing FROM priced GROUP BY "row"
)
SELECT line_no, date, week, "row", reason, submitted_at, outcome, planned_minutes, delivered_minutes, units_hundredths, carers, worked_minutes,
    unit, rate_centipence, rate_valid_from, weight, split, exact_parts, plan_parts, any_in_line, date_of_death, coalesce(rate_missing, FALSE) AS rate_missing
FROM priced
JOIN unpriced USING ("row")
WHERE date >= calc_from AND date < calc_until
