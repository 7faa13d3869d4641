-- rate_weeks: the price table of each contract element by the week, for days of a week alike (PRC-2, PRC-3): which row prices how many minutes on
-- which days, as bits, the contract's first weekday the lowest.
WITH weekly AS (
    SELECT DISTINCT price_no, first_weekday FROM package_lines
)
SELECT r.price_no, week_of(r.date, w.first_weekday) AS week, r.unit, r.rate_centipence, r.is_band, r.low, r.high,
    bit_or(1 << (r.date - week_of(r.date, w.first_weekday))::INTEGER) AS days
FROM rates_on r
JOIN weekly w USING (price_no)
GROUP BY ALL
