-- one_offs: rate x quantity, once, in the week of the start date (LIN-4). A negative one is a correction from outside (RND-5).
SELECT l.line_no, l.person_id, l.start_date AS date, week_of(l.start_date, l.first_weekday) AS week, l.is_negative,
    coalesce(t.quantity_hundredths, 100) AS quantity_hundredths,
    coalesce(o.unit, r.unit) AS unit, coalesce(o.rate_centipence, r.rate_centipence) AS rate_centipence,
    CASE WHEN o.rate_centipence IS NULL THEN r.valid_from ELSE o.valid_from END AS rate_valid_from,
    coalesce(abs(coalesce(o.rate_centipence, r.rate_centipence))::HUGEINT * coalesce(t.quantity_hundredths, 100) * 42000, 0) AS exact_parts,
    coalesce(o.rate_centipence, r.rate_centipence) IS NULL AS rate_missing
FROM package_lines l
JOIN line_periods t ON t.line_no = l.line_no AND l.start_date >= t.from_date AND l.start_date < t.until_date
LEFT JOIN line_rate_periods o ON o.line_no = l.line_no AND l.start_date >= o.from_date AND l.start_date < o.until_date
LEFT JOIN rates_on r ON r.price_no = l.price_no AND r.date = l.start_date AND NOT r.is_band
WHERE l.basis = 'one_off' AND NOT l.cancelled AND l.start_date >= l.calc_from AND l.start_date < l.calc_until
    AND (l.is_negative OR l.date_of_death IS NULL OR l.start_date <= l.date_of_death)
