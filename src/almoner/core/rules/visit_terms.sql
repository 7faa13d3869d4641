-- visit_terms: how the visits of each line are banded, capped and rounded (PRC-1, RND-2), and the line's own price (PRC-4): one row per line and
-- half-open period in its window.
-- Banding and cap are those of the visit's day, rounding that of its week's first day (CAL-5): so a period is also cut where the first week
-- begins after the terms changed.
WITH contracts_in_use AS (
    SELECT DISTINCT contract_no, first_weekday FROM package_lines
),
cuts AS (
    SELECT contract_no, first_weekday, from_date FROM contract_periods JOIN contracts_in_use USING (contract_no)
    UNION
    SELECT contract_no, first_weekday, week_of(from_date + 6, first_weekday)
    FROM contract_periods JOIN contracts_in_use USING (contract_no)
    WHERE from_date > DATE '0001-01-01'
),
periods AS (
    SELECT contract_no, first_weekday, from_date, lead(from_date, 1, DATE '9999-12-31') OVER (PARTITION BY contract_no ORDER BY from_date) AS until_date
    FROM cuts
),
terms AS (
    SELECT p.contract_no, p.from_date, p.until_date, banding_step(t.rounding_minutes) AS band_step,
        banding_added(t.rounding_minutes, t.rounding_mode) AS band_added, t.cap_at_planned, w.money_rounding = 'visit' AS rounds_visits
    FROM periods p
    JOIN contract_periods t ON t.contract_no = p.contract_no AND p.from_date >= t.from_date AND p.from_date < t.until_date
    JOIN contract_periods w
        ON w.contract_no = p.contract_no AND greatest(week_of(p.from_date, p.first_weekday), DATE '0001-01-01') >= w.from_date
        AND week_of(p.from_date, p.first_weekday) < w.until_date
)
SELECT l.line_no, l.price_no,
    greatest(t.from_date, l.calc_from, o.from_date) AS from_date, least(t.until_date, l.calc_until, o.until_date) AS until_date,
    t.band_step, t.band_added, t.cap_at_planned, t.rounds_visits, o.rate_centipence AS own_rate, o.unit AS own_unit, o.valid_from AS own_from
FROM package_lines l
JOIN terms t ON t.contract_no = l.contract_no AND t.from_date < l.calc_until AND t.until_date > l.calc_from
LEFT JOIN line_rate_periods o
    ON o.line_no = l.line_no AND o.from_date < least(t.until_date, l.calc_until) AND o.until_date > greatest(t.from_date, l.calc_from)
