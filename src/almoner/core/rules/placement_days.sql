-- placement_days: what each day in a placement is worth (LIN-3): the weekly rate / 7, or a day or night rate, times the absence policy.
-- Of the policy rows valid that day those with from_day <= days away, the highest from_day; no row is 100 %. Overlapping absences: the earliest.
-- A rate by the hour, visit or each is no rate for a placement (PRC-4).
WITH days AS (
    SELECT line_no, person_id, week, from_date + unnest(range(0, (until_date - from_date)::BIGINT))::INTEGER AS date
    FROM line_weeks
    WHERE basis = 'placement'
),
away AS (
    SELECT d.line_no, d.date, a.kind, a.first_day, d.date - a.first_day + 1 AS day_away
    FROM days d
    JOIN absences a ON a.person_id = d.person_id AND d.date >= a.first_day AND (a.last_day IS NULL OR d.date <= a.last_day)
    QUALIFY row_number() OVER (PARTITION BY d.line_no, d.date ORDER BY a.first_day, a.kind) = 1
),
policy AS (
    SELECT w.line_no, w.date, w.kind, w.first_day, w.day_away, p.percent, p.from_day
    FROM away w
    JOIN package_lines l USING (line_no)
    LEFT JOIN absence_policy p
        ON p.contract_id = l.contract_id AND p.kind = w.kind AND p.from_day <= w.day_away
        AND w.date >= p.valid_from AND (p.valid_to IS NULL OR w.date <= p.valid_to)
    QUALIFY row_number() OVER (PARTITION BY w.line_no, w.date ORDER BY p.from_day DESC NULLS LAST, p.valid_from DESC, p."row" DESC) = 1
),
rated AS (
    SELECT d.line_no, d.date, d.week,
        coalesce(o.unit, r.unit) AS unit,
        CASE WHEN coalesce(o.rate_centipence, r.rate_centipence) <= 1000000000 THEN coalesce(o.rate_centipence, r.rate_centipence) END AS rate,
        CASE WHEN o.rate_centipence IS NULL THEN r.valid_from ELSE o.valid_from END AS rate_valid_from
    FROM days d
    JOIN package_lines l USING (line_no)
    LEFT JOIN line_rate_periods o ON o.line_no = d.line_no AND d.date >= o.from_date AND d.date < o.until_date
    LEFT JOIN rates_on r ON r.price_no = l.price_no AND r.date = d.date AND NOT r.is_band
)
SELECT r.line_no, r.date, r.week, r.unit, r.rate AS rate_centipence, r.rate_valid_from,
    p.kind AS absence_kind, p.first_day AS absence_from, p.day_away::INTEGER AS day_away, coalesce(p.percent, 10000) AS basis_points,
    (CASE r.unit WHEN 'week' THEN r.rate * 60 * coalesce(p.percent, 10000)
                 WHEN 'day' THEN r.rate * 420 * coalesce(p.percent, 10000)
                 WHEN 'night' THEN r.rate * 420 * coalesce(p.percent, 10000) ELSE 0 END)::HUGEINT AS exact_parts,
    (r.rate IS NULL OR r.unit NOT IN ('week', 'day', 'night')) AND coalesce(p.percent, 10000) > 0 AS rate_missing
FROM rated r
LEFT JOIN policy p ON p.line_no = r.line_no AND p.date = r.date
