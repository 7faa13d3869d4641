-- rates_on: the price table of each contract element on each day: which row prices how many minutes (PRC-2, PRC-3).
-- One row per element, day and band: payable minutes in [low, high]. Of the rows valid that day only those of the most specific day
-- type are the table (bank holiday, named weekday, weekend/weekday, any); among equal rows the latest valid_from, then the later row.
-- The unbanded row prices everything above the largest band, and units.
WITH elements AS (
    SELECT price_no, any_value(contract_id) AS contract_id, any_value(element) AS element, any_value(nation) AS nation,
        min(greatest(calc_from, least(start_date, coalesce(first_reported, start_date)))) AS first_date,
        max(calc_until) AS until_date
    FROM package_lines
    LEFT JOIN (SELECT line_no, min(week) AS first_reported FROM reported_weeks GROUP BY line_no) USING (line_no)
    GROUP BY price_no
),
valid AS MATERIALIZED (
    SELECT e.price_no, e.nation, r.unit, r.day_type, r.band_minutes_up_to::INTEGER AS band_minutes_up_to, r.rate, r.valid_from, r."row",
        greatest(r.valid_from, e.first_date) AS first_date,
        least(coalesce(r.valid_to + 1, e.until_date), e.until_date) AS until_date
    FROM rates r
    JOIN elements e USING (contract_id, element)
),
days AS (
    SELECT * EXCLUDE (first_date, until_date), first_date + unnest(range(0, (until_date - first_date)::BIGINT))::INTEGER AS date
    FROM valid
    WHERE until_date > first_date
),
specific AS (
    SELECT d.*,
        CASE WHEN d.day_type = 'bank_holiday' THEN CASE WHEN h.date IS NOT NULL THEN 4 END
             WHEN d.day_type = 'any' THEN 1
             WHEN d.day_type = 'weekend' THEN CASE WHEN isodow(d.date) >= 6 THEN 2 END
             WHEN d.day_type = 'weekday' THEN CASE WHEN isodow(d.date) <= 5 THEN 2 END
             WHEN weekday_number(d.day_type) = isodow(d.date) THEN 3 END AS rank
    FROM days d
    LEFT JOIN bank_holidays_kept h ON h.nation = d.nation AND h.date = d.date
),
the_table AS (
    SELECT s.*
    FROM specific s
    JOIN (SELECT price_no, date, max(rank) AS rank FROM specific GROUP BY price_no, date) m
        ON m.price_no = s.price_no AND m.date = s.date AND m.rank = s.rank
),
doubled AS (
    SELECT price_no, date FROM the_table GROUP BY price_no, date, band_minutes_up_to HAVING count(*) > 1
),
chosen AS (
    SELECT * FROM the_table ANTI JOIN doubled USING (price_no, date)
    UNION ALL
    SELECT * FROM the_table SEMI JOIN doubled USING (price_no, date)
    QUALIFY row_number() OVER (PARTITION BY price_no, date, band_minutes_up_to ORDER BY valid_from DESC, "row" DESC) = 1
),
bands AS (
    SELECT price_no, date, band_minutes_up_to, coalesce(lag(band_minutes_up_to) OVER (PARTITION BY price_no, date ORDER BY band_minutes_up_to), 0) + 1 AS low
    FROM chosen
    WHERE band_minutes_up_to IS NOT NULL
),
above_bands AS (
    SELECT price_no, date, max(band_minutes_up_to) + 1 AS low FROM bands GROUP BY price_no, date
)
SELECT c.price_no, c.date, c.unit::units AS unit, c.day_type, c.rate AS rate_centipence, c.valid_from, c."row" AS rate_row,
    c.band_minutes_up_to IS NOT NULL AS is_band,
    CASE WHEN c.band_minutes_up_to IS NULL THEN coalesce(a.low, 1) ELSE b.low END AS low,
    coalesce(c.band_minutes_up_to, 1000000) AS high
FROM chosen c
LEFT JOIN bands b ON b.price_no = c.price_no AND b.date = c.date AND b.band_minutes_up_to = c.band_minutes_up_to
LEFT JOIN above_bands a ON a.price_no = c.price_no AND a.date = c.date
