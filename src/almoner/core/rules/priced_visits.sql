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
    SELECT f."row" FROM frustrated_days f JOIN quantities q ON q.line_no = f.line_no AND f.date >= q.from_date AND f.date < q.until_date
),
spoken_of AS (
    SELECT line_no, date, start_minute FROM reported WHERE is_planned AND NOT is_total AND outcome <> 'extra' AND start_minute IS NOT NULL
    UNION ALL
    SELECT line_no, date, start_minute FROM blank_starts
),
silent AS (
    SELECT p.*
    FROM planned_visits p
    ANTI JOIN spoken_of n ON n.line_no = p.line_no AND n.date = p.date AND n.start_minute = p.start_minute
    ANTI JOIN (SELECT line_no, week FROM reported_weeks WHERE has_total) w ON w.line_no = p.line_no AND w.week = p.week
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
    SELECT i.*, t.price_no, t.rounds_visits, t.own_rate, t.own_unit, t.own_from, payable(i.minutes, i.plan_minutes, t.band_step, t.band_added, t.cap_at_planned) AS payable_minutes
    FROM items i
    JOIN visit_terms t ON t.line_no = i.line_no AND i.date >= t.from_date AND i.date < t.until_date
),
rated AS (
    SELECT c.* EXCLUDE (price_no, minutes, own_rate, own_unit, own_from),
        coalesce(c.own_unit, r.unit) AS unit,
        usable_visit_rate(coalesce(c.own_rate, r.rate_centipence), c.units_hundredths, c.carers) AS rate_centipence,
        CASE WHEN c.own_rate IS NULL THEN r.valid_from ELSE c.own_from END AS rate_valid_from,
        c.own_rate IS NULL AND coalesce(r.is_band, FALSE) AS is_band
    FROM counted c
    LEFT JOIN rates_on r
        ON r.price_no = c.price_no AND r.date = c.date AND priced_minutes(c.payable_minutes, c.units_hundredths) BETWEEN r.low AND r.high
)
SELECT *, visit_parts(rate_centipence, unit, is_band, payable_minutes, units_hundredths, carers, basis_points) AS exact_parts
FROM rated
