-- line_rate_periods: a line's own price, which replaces its contract's whole table on its dates (PRC-4).
-- One row per line that ever has one and half-open period, without gaps: where it has none `rate_centipence` is blank. `line_rates` beats
-- `lines.rate`; of rows valid at once the latest valid_from, then the later row, wins. A blank rate_unit is week for placements, each for one-offs, else hour.
WITH changing AS (
    SELECT r.* FROM line_rates r SEMI JOIN package_lines USING (line_id)
),
edges AS (
    SELECT line_id, DATE '0001-01-01' AS from_date FROM changing
    UNION SELECT line_id, valid_from FROM changing
    UNION SELECT line_id, valid_to + 1 FROM changing WHERE valid_to IS NOT NULL
),
periods AS (
    SELECT line_id, from_date, lead(from_date, 1, DATE '9999-12-31') OVER (PARTITION BY line_id ORDER BY from_date) AS until_date
    FROM edges
),
dated AS (
    SELECT p.line_id, p.from_date, any_value(p.until_date) AS until_date,
        arg_max(r.rate, (r.valid_from, r."row")) FILTER (r.rate IS NOT NULL) AS rate,
        arg_max(r.unit, (r.valid_from, r."row")) FILTER (r.rate IS NOT NULL) AS unit,
        max(r.valid_from) FILTER (r.rate IS NOT NULL) AS valid_from
    FROM periods p
    LEFT JOIN changing r ON r.line_id = p.line_id AND r.valid_from <= p.from_date AND (r.valid_to IS NULL OR r.valid_to >= p.from_date)
    GROUP BY p.line_id, p.from_date
),
whole_life AS (
    SELECT line_no, line_id, rate,
        coalesce(rate_unit, CASE basis WHEN 'placement' THEN 'week' WHEN 'one_off' THEN 'each' ELSE 'hour' END) AS unit
    FROM package_lines
    WHERE rate IS NOT NULL
)
SELECT w.line_no, DATE '0001-01-01' AS from_date, DATE '9999-12-31' AS until_date, w.rate AS rate_centipence, w.unit::units AS unit, NULL::DATE AS valid_from
FROM whole_life w ANTI JOIN changing USING (line_id)
UNION ALL
SELECT l.line_no, d.from_date, d.until_date, coalesce(d.rate, w.rate), (CASE WHEN d.rate IS NULL THEN w.unit ELSE d.unit END)::units, d.valid_from
FROM dated d
JOIN package_lines l USING (line_id)
LEFT JOIN whole_life w ON w.line_no = l.line_no
