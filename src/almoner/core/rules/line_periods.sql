-- line_periods: the dated terms of every line, cut where any of them changes (CAL-5).
-- One row per line and half-open period [from_date, until_date). Lines without dated terms have one period.
WITH changing AS (
    SELECT DISTINCT line_id FROM line_terms SEMI JOIN package_lines USING (line_id)
),
edges AS (
    SELECT line_id, DATE '0001-01-01' AS from_date FROM changing
    UNION SELECT line_id, valid_from FROM line_terms SEMI JOIN changing USING (line_id)
    UNION SELECT line_id, valid_to + 1 FROM line_terms SEMI JOIN changing USING (line_id) WHERE valid_to IS NOT NULL
),
periods AS (
    SELECT line_id, from_date, lead(from_date, 1, DATE '9999-12-31') OVER (PARTITION BY line_id ORDER BY from_date) AS until_date
    FROM edges
),
changes AS (
    SELECT p.line_id, p.from_date, p.until_date, t.* EXCLUDE (line_id), (t.valid_from, t."row") AS latest
    FROM periods p
    LEFT JOIN line_terms t ON t.line_id = p.line_id AND t.valid_from <= p.from_date AND (t.valid_to IS NULL OR t.valid_to >= p.from_date)
),
dated AS (
    SELECT line_id, from_date, any_value(until_date) AS until_date,
        arg_max(quantity_per_week, latest) FILTER (quantity_per_week IS NOT NULL) AS quantity_per_week,
        arg_max(authorised_on, latest) FILTER (authorised_on IS NOT NULL) AS authorised_on,
        arg_max(agreed_on, latest) FILTER (agreed_on IS NOT NULL) AS agreed_on,
        arg_max(chargeable, latest) FILTER (chargeable IS NOT NULL) AS chargeable,
        arg_max(exempt_reason, latest) FILTER (exempt_reason IS NOT NULL) AS exempt_reason
    FROM changes
    GROUP BY line_id, from_date
)
SELECT k.line_no, DATE '0001-01-01' AS from_date, DATE '9999-12-31' AS until_date,
    k.quantity_per_week AS quantity_hundredths, k.authorised_on, k.agreed_on, k.chargeable, k.exempt_reason
FROM package_lines k
ANTI JOIN changing USING (line_id)
UNION ALL
SELECT k.line_no, d.from_date, d.until_date, coalesce(d.quantity_per_week, k.quantity_per_week),
    coalesce(d.authorised_on, k.authorised_on), coalesce(d.agreed_on, k.agreed_on),
    coalesce(d.chargeable, k.chargeable), coalesce(d.exempt_reason, k.exempt_reason)
FROM dated d
JOIN package_lines k USING (line_id)
