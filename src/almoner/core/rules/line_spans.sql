-- line_spans: the days of each line up to `through` (LIN-7), as one half-open period: in its dates and its window, not of a cancelled line.
-- A placement's last day does not count where the contract pays no last day, or the rate that day is by the night. A one-off has its start date only.
WITH spans AS (
    SELECT line_no, person_id, basis, first_weekday, last_day,
        greatest(start_date, calc_from) AS from_date,
        least(coalesce(last_day + 1, calc_until), calc_until, CASE WHEN basis = 'one_off' THEN start_date + 1 ELSE DATE '9999-12-31' END) AS until_date
    FROM package_lines
    WHERE NOT cancelled AND NOT is_negative
),
uncounted AS (
    SELECT l.line_no, l.last_day AS date
    FROM package_lines l
    JOIN contract_periods t ON t.contract_no = l.contract_no AND l.last_day >= t.from_date AND l.last_day < t.until_date
    LEFT JOIN line_rate_periods o ON o.line_no = l.line_no AND l.last_day >= o.from_date AND l.last_day < o.until_date
    LEFT JOIN rates_on r ON r.price_no = l.price_no AND r.date = l.last_day AND NOT r.is_band
    WHERE l.basis = 'placement'
        AND (NOT t.pays_last_day OR coalesce(o.unit, r.unit) = 'night')
),
counted AS (
    SELECT s.line_no, s.person_id, s.basis, s.first_weekday, s.from_date,
        CASE WHEN u.line_no IS NULL THEN s.until_date ELSE s.until_date - 1 END AS until_date
    FROM spans s
    LEFT JOIN uncounted u ON u.line_no = s.line_no AND s.until_date = u.date + 1
)
SELECT * FROM counted WHERE until_date > from_date
