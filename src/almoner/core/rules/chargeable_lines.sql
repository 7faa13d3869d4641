-- chargeable_lines: when a line may be charged for, as half-open periods (CHG-2): chargeable by its terms, not exempt, not past the death
-- (a placement: plus days charged after death). Reablement exempts the first 42 days from the line's start; any other reason the whole line.
SELECT l.line_no, l.person_id,
    CASE WHEN t.exempt_reason = 'reablement' THEN greatest(t.from_date, l.start_date + 42) ELSE t.from_date END AS from_date,
    least(t.until_date, coalesce(l.last_charged_day + 1, DATE '9999-12-31')) AS until_date
FROM package_lines l
JOIN line_periods t USING (line_no)
WHERE t.chargeable AND (t.exempt_reason IS NULL OR t.exempt_reason = 'reablement') AND NOT l.is_negative
    AND l.person_id IN (SELECT person_id FROM contributions)
