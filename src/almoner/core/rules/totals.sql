-- totals: a week's total spread over the line's days in that week (LIN-6), one row per total and day.
-- In proportion to planned minutes x carers, evenly without a plan; the days are not cut by `through`, but only days up to it count.
-- `weight` of the day out of `split`; value of the day = exact_parts / split. Not banded. A cap compares minutes x carers.
WITH sent AS (
    SELECT r.*, l.price_no, l.contract_id, l.start_date, l.end_date, l.last_day, l.cancelled, l.date_of_death, l.calc_from, l.calc_until
    FROM reported r
    JOIN package_lines l USING (line_no)
    WHERE r.is_total AND r.outcome IN ('delivered', 'extra')
),
week_days AS (
    SELECT *, week + unnest(range(0, 7))::INTEGER AS day FROM sent
),
placed AS (
    SELECT d.*, NOT d.cancelled AND d.day >= d.start_date AND (d.last_day IS NULL OR d.day <= d.last_day) AS in_line,
        bool_or(NOT d.cancelled AND d.day >= d.start_date AND (d.last_day IS NULL OR d.day <= d.last_day)) OVER (PARTITION BY d."row") AS any_in_line
    FROM week_days d
),
plan AS (
    SELECT p."row", p.day, sum(s.minutes * s.carers)::BIGINT AS planned
    FROM placed p
    JOIN slots s ON s.line_no = p.line_no AND s.weekday = isodow(p.day) AND p.day >= s.from_date AND p.day < s.until_date
    GROUP BY p."row", p.day
),
weighed AS (
    SELECT p.*, bool_or(w.planned IS NOT NULL) OVER (PARTITION BY p."row") AS any_planned, coalesce(w.planned, 0) AS planned, sum(coalesce(w.planned, 0)) OVER (PARTITION BY p."row")::BIGINT AS planned_in_week
    FROM placed p
    LEFT JOIN plan w ON w."row" = p."row" AND w.day = p.day
    WHERE p.in_line OR NOT p.any_in_line
),
shared AS (
    SELECT *, CASE WHEN planned_in_week = 0 THEN 1 ELSE planned END AS raw_weight FROM weighed
),
reduced AS (
    SELECT *, list_reduce(list(raw_weight) OVER (PARTITION BY "row"), lambda a, b: gcd(a, b)) AS divisor FROM shared
),
proportioned AS (
    SELECT *, raw_weight // divisor AS weight, (sum(raw_weight) OVER (PARTITION BY "row"))::BIGINT // divisor AS split FROM reduced
),
rated AS (
    SELECT p.*,
        CASE WHEN t.cap_at_planned AND p.outcome <> 'extra' AND p.any_planned AND p.delivered_minutes IS NOT NULL THEN least(p.delivered_minutes * p.carers, p.planned_in_week)
             ELSE p.delivered_minutes * p.carers END AS worked_minutes,
        CASE WHEN o.line_no IS NOT NULL THEN o.unit ELSE r.unit END AS unit,
        CASE WHEN coalesce(o.rate_centipence, r.rate_centipence) <= 1000000000 THEN coalesce(o.rate_centipence, r.rate_centipence) END
            AS rate_centipence,
        CASE WHEN o.line_no IS NOT NULL THEN o.valid_from ELSE r.valid_from END AS rate_valid_from
    FROM proportioned p
    JOIN contract_periods t ON t.contract_id = p.contract_id AND p.week >= t.from_date AND p.week < t.until_date
    LEFT JOIN line_rate_periods o ON o.line_no = p.line_no AND p.day >= o.from_date AND p.day < o.until_date
    LEFT JOIN rates_on r ON r.price_no = p.price_no AND r.date = p.day AND NOT r.is_band
    WHERE p.day <= getvariable('through')::DATE
),
priced AS (
    SELECT *,
        rate_centipence::HUGEINT * weight * coalesce(CASE
            WHEN unit = 'hour' THEN worked_minutes * 70000
            WHEN worked_minutes = 0 THEN 0
            ELSE coalesce(units_hundredths, CASE WHEN worked_minutes > 0 THEN 100 END) * 42000 * CASE WHEN unit = 'visit' THEN carers ELSE 1 END
        END, 0) AS exact_parts,
        rate_centipence::HUGEINT * weight * coalesce(CASE
            WHEN unit = 'hour' THEN planned_minutes * carers * 70000
            WHEN planned_minutes > 0 THEN 4200000 * CASE WHEN unit = 'visit' THEN carers ELSE 1 END
        END, 0) AS plan_parts
    FROM rated
)
SELECT line_no, person_id, day AS date, week, "row", reason, submitted_at, outcome, delivered_minutes, units_hundredths, carers, worked_minutes,
    unit, rate_centipence, rate_valid_from, weight, split,
    coalesce(exact_parts, 0) AS exact_parts, coalesce(plan_parts, 0) AS plan_parts,
    any_in_line, date_of_death,
    bool_or(rate_centipence IS NULL AND weight > 0 AND (worked_minutes > 0 OR (worked_minutes IS NULL AND coalesce(units_hundredths, 0) > 0)))
        OVER (PARTITION BY "row") AS rate_missing
FROM priced
WHERE day >= calc_from AND day < calc_until
