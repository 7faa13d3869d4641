-- priced_visits: the visits that earn, each priced exactly: those reported, and on planned lines the planned ones nobody has spoken of
-- (LIN-1, LIN-2; PRC-1, PRC-2, PRC-3, PRC-5, PRC-6).
-- A reported visit replaces the planned one it names; a week's total replaces the week's plan (LIN-6). On a planned quantity line a frustrated
-- visit changes nothing, like a missed one (LIN-5). Payable minutes are banded, then capped at plan. `exact_parts` is the price unrounded.
-- `visit_no` is the row of a reported visit, for one that stands as planned less than nothing: its line, day and minute.
WITH quantities AS (
    SELECT l.line_no, t.from_date, t.until_date
    FROM package_lines l JOIN line_periods t USING (line_no)
    WHERE l.basis = 'planned' AND NOT l.has_timetable AND t.quantity_hundredths IS NOT NULL
),
idle AS (
    SELECT f."row" FROM named n JOIN frustrated_days f USING ("row")
    JOIN quantities q ON q.line_no = n.line_no AND n.date >= q.from_date AND n.date < q.until_date
),
spoken_of AS (
    SELECT n.line_no, n.date, n.named_start_minute
    FROM named n
    SEMI JOIN (SELECT line_no FROM package_lines WHERE basis = 'planned') planned USING (line_no)
),
silent AS (
    SELECT p.*
    FROM planned_visits p
    ANTI JOIN spoken_of n ON n.line_no = p.line_no AND n.date = p.date AND n.named_start_minute = p.start_minute
    ANTI JOIN (SELECT line_no, week FROM reported_weeks WHERE has_total) w ON w.line_no = p.line_no AND w.week = p.week
    WHERE p.is_paid_as_planned
),
items AS (
    SELECT n."row" AS visit_no, n.line_no, n.date, n.week, n.start_minute, n.outcome, n.delivered_minutes, n.plan_minutes, n.is_future,
        CASE WHEN n.outcome = 'frustrated' THEN n.plan_minutes ELSE n.delivered_minutes END AS minutes,
        CASE WHEN n.outcome <> 'frustrated' THEN n.units_hundredths END AS units_hundredths,
        CASE WHEN n.outcome = 'frustrated' THEN n.plan_carers ELSE n.carers END AS carers,
        CASE WHEN n.outcome = 'frustrated' THEN coalesce(f.basis_points, 10000) ELSE 10000 END AS basis_points
    FROM named n
    LEFT JOIN frustrated_days f ON f."row" = n."row"
    WHERE n.outcome IN ('delivered', 'extra', 'frustrated') AND n."row" NOT IN (SELECT "row" FROM idle)
    UNION ALL
    SELECT -((line_no::BIGINT << 32) + (date - DATE '1900-01-01') * 4096 + start_minute + 1), line_no, date, week, start_minute, 'planned'::outcomes, NULL, minutes, FALSE, minutes, NULL, carers, 10000
    FROM silent
),
counted AS (
    SELECT i.*, t.price_no, t.rounds_visits, payable(i.minutes, i.plan_minutes, t.band_step, t.band_added, t.cap_at_planned) AS payable_minutes
    FROM items i
    JOIN visit_terms t ON t.line_no = i.line_no AND i.date >= t.from_date AND i.date < t.until_date
),
rated AS (
    SELECT c.* EXCLUDE (price_no, minutes),
        CASE WHEN o.line_no IS NOT NULL THEN o.unit ELSE r.unit END AS unit,
        usable_visit_rate(coalesce(o.rate_centipence, r.rate_centipence), c.units_hundredths, c.carers) AS rate_centipence,
        CASE WHEN o.line_no IS NOT NULL THEN o.valid_from ELSE r.valid_from END AS rate_valid_from,
        o.line_no IS NULL AND coalesce(r.is_band, FALSE) AS is_band
    FROM counted c
    LEFT JOIN line_rate_periods o ON o.line_no = c.line_no AND c.date >= o.from_date AND c.date < o.until_date
    LEFT JOIN rates_on r
        ON r.price_no = c.price_no AND r.date = c.date AND priced_minutes(c.payable_minutes, c.units_hundredths) BETWEEN r.low AND r.high
)
SELECT *, visit_parts(rate_centipence, unit, is_band, payable_minutes, units_hundredths, carers, basis_points) AS exact_parts
FROM rated
