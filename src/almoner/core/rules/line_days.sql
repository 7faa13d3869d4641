-- line_days: every day that counts for a line, up to `through`: in its dates, not after a death (LIN-3, LIN-7).
-- A placement's last day does not count where the contract pays no last day, or the rate that day is by the night. A one-off has its start date only.
WITH spans AS (
    SELECT line_no, person_id, basis, first_weekday, last_day,
        greatest(start_date, calc_from) AS from_date,
        least(coalesce(last_day + 1, calc_until), calc_until, CASE WHEN basis = 'one_off' THEN start_date + 1 ELSE DATE '9999-12-31' END) AS until_date
    FROM package_lines
    WHERE NOT cancelled AND NOT is_negative
),
days AS (
    SELECT line_no, person_id, basis, first_weekday, from_date + unnest(range(0, (until_date - from_date)::BIGINT))::INTEGER AS date
    FROM spans
    WHERE until_date > from_date
),
uncounted AS (
    SELECT l.line_no, l.last_day AS date
    FROM package_lines l
    JOIN contract_periods t ON t.contract_id = l.contract_id AND l.last_day >= t.from_date AND l.last_day < t.until_date
    LEFT JOIN line_rate_periods o ON o.line_no = l.line_no AND l.last_day >= o.from_date AND l.last_day < o.until_date
    LEFT JOIN rates_on r ON r.price_no = l.price_no AND r.date = l.last_day AND NOT r.is_band
    WHERE l.basis = 'placement'
        AND (NOT t.pays_last_day OR CASE WHEN o.line_no IS NOT NULL THEN o.unit ELSE r.unit END = 'night')
)
SELECT d.line_no, d.person_id, d.basis, d.date, week_of(d.date, d.first_weekday) AS week
FROM days d
ANTI JOIN uncounted USING (line_no, date)
