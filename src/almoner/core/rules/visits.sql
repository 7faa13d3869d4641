-- visits: every visit that could be worth something, priced exactly (PRC-1, PRC-2, PRC-3, PRC-5, PRC-6).
-- `source` says whether it was reported, stands in the timetable, or is the plan a reported row carries itself.
-- Payable minutes are banded, then capped at plan. `exact_parts` is the price unrounded; `paid_parts` the same, rounded to the penny
-- where the contract rounds each visit (RND-2). `rate_missing`: it would be worth something, but that day has no usable rate.
WITH items AS (
    SELECT 'reported' AS source, n.line_no, n.date, n.week, n."row", n.start_minute, n.named_start_minute, n.outcome, n.reason,
        n.submitted_at, n.delivered_minutes, n.plan_minutes,
        CASE WHEN n.outcome = 'frustrated' THEN n.plan_minutes ELSE n.delivered_minutes END AS minutes,
        CASE WHEN n.outcome <> 'frustrated' THEN n.units_hundredths END AS units_hundredths,
        CASE WHEN n.outcome = 'frustrated' THEN n.plan_carers ELSE n.carers END AS carers,
        CASE WHEN n.outcome = 'frustrated' THEN coalesce(f.basis_points, 10000) ELSE 10000 END AS basis_points
    FROM named n
    LEFT JOIN frustrated_days f ON f."row" = n."row"
    WHERE n.outcome IN ('delivered', 'extra', 'frustrated')
    UNION ALL
    SELECT 'planned', line_no, date, week, NULL, start_minute, start_minute, 'planned', NULL, NULL, NULL, minutes, minutes, NULL, carers, 10000
    FROM planned_visits
    UNION ALL
    SELECT 'row plan', n.line_no, n.date, n.week, n."row", n.start_minute, NULL, n.outcome, NULL, NULL, NULL, n.plan_minutes, n.plan_minutes, NULL,
        n.carers, 10000
    FROM named n
    JOIN package_lines l USING (line_no)
    WHERE NOT l.has_timetable AND n.plan_minutes IS NOT NULL
),
counted AS (
    SELECT i.*, l.price_no, w.money_rounding,
        CASE WHEN t.cap_at_planned AND i.plan_minutes IS NOT NULL AND i.minutes IS NOT NULL
             THEN least(banded(i.minutes, t.rounding_minutes, t.rounding_mode), i.plan_minutes)
             ELSE banded(i.minutes, t.rounding_minutes, t.rounding_mode) END AS payable_minutes
    FROM items i
    JOIN package_lines l USING (line_no)
    JOIN contract_periods t ON t.contract_id = l.contract_id AND i.date >= t.from_date AND i.date < t.until_date
    JOIN contract_periods w ON w.contract_id = l.contract_id AND i.week >= w.from_date AND i.week < w.until_date
    WHERE i.date >= l.calc_from AND i.date < l.calc_until
),
rated AS (
    SELECT c.* EXCLUDE (price_no),
        CASE WHEN o.line_no IS NOT NULL THEN o.unit ELSE r.unit END AS unit,
        CASE WHEN coalesce(o.rate_centipence, r.rate_centipence) <= 1000000000 THEN coalesce(o.rate_centipence, r.rate_centipence) END
            AS rate_centipence,
        CASE WHEN o.line_no IS NOT NULL THEN o.valid_from ELSE r.valid_from END AS rate_valid_from,
        o.line_no IS NOT NULL AS is_own_rate,
        o.line_no IS NULL AND coalesce(r.is_band, FALSE) AS is_band
    FROM counted c
    LEFT JOIN line_rate_periods o ON o.line_no = c.line_no AND c.date >= o.from_date AND c.date < o.until_date
    LEFT JOIN rates_on r
        ON r.price_no = c.price_no AND r.date = c.date
        AND (CASE WHEN c.payable_minutes IS NULL AND c.units_hundredths > 0 THEN 1000000 ELSE c.payable_minutes END)
            BETWEEN r.low AND r.high
),
priced AS (
    SELECT *,
        coalesce(CASE
            WHEN rate_centipence IS NULL OR payable_minutes = 0 THEN 0
            WHEN is_band THEN rate_centipence * carers * 420 * basis_points
            WHEN unit = 'hour' THEN rate_centipence * payable_minutes * carers * 7 * basis_points
            WHEN outcome IN ('delivered', 'extra') AND source = 'reported' AND units_hundredths IS NOT NULL
                THEN rate_centipence * units_hundredths * 42000 * CASE WHEN unit = 'visit' THEN carers ELSE 1 END
            WHEN payable_minutes > 0 THEN rate_centipence * 420 * basis_points * CASE WHEN unit = 'visit' THEN carers ELSE 1 END
        END, 0)::BIGINT AS exact_parts
    FROM rated
)
SELECT row_number() OVER ()::BIGINT AS visit_no, * EXCLUDE (money_rounding),
    CASE WHEN money_rounding = 'visit' THEN rounded_pence(exact_parts, 1) * parts_per_penny() ELSE exact_parts END AS paid_parts,
    money_rounding = 'visit' AS rounds_visits,
    rate_centipence IS NULL AND (payable_minutes > 0 OR (payable_minutes IS NULL AND coalesce(units_hundredths, 0) > 0)) AND basis_points > 0 AS rate_missing
FROM priced
