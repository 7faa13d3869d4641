-- package_lines: every line with its contract, its person's death, its last day (LIN-7) and its person's window.
-- `price_no` numbers price tables (a contract's element), `care_no` one person's care with one provider (HLD-1).
-- `last_day` is the last day it can earn: the earlier of its end and the death (a placement: plus days paid after death).
SELECT
    row_number() OVER (ORDER BY l."row")::INTEGER AS line_no,
    l.line_id, l.person_id, l.contract_id, numbers.contract_no, c.provider_id, l.element, c.basis, c.service_type, c.nation,
    weekday_number(c.week_start) AS first_weekday,
    dense_rank() OVER (ORDER BY l.contract_id, l.element)::INTEGER AS price_no,
    dense_rank() OVER (ORDER BY l.person_id, c.provider_id)::INTEGER AS care_no,
    l.start_date, l.end_date,
    coalesce(l.end_date < l.start_date, FALSE) AS cancelled,
    p.date_of_death,
    CASE WHEN p.date_of_death IS NULL OR (own.is_negative AND c.basis = 'one_off') THEN l.end_date
         WHEN c.basis = 'placement' THEN least(l.end_date, p.date_of_death + death_terms.days_paid_after_death)
         ELSE least(l.end_date, p.date_of_death) END AS last_day,
    CASE WHEN p.date_of_death IS NULL THEN NULL
         WHEN c.basis = 'placement' THEN p.date_of_death + death_terms.days_charged_after_death
         ELSE p.date_of_death END AS last_charged_day,
    l.rate, l.rate_unit, l.quantity_per_week AS quantity_hundredths,
    own.is_negative AND c.basis = 'one_off' AS is_negative,
    l.line_id IN (SELECT line_id FROM schedule) AS has_timetable,
    w.post_from, w.post_until, w.calc_from, w.calc_until
FROM lines l
JOIN contracts c USING (contract_id)
JOIN (SELECT DISTINCT contract_id, contract_no FROM contract_periods) numbers ON numbers.contract_id = l.contract_id
JOIN people p ON p.person_id = l.person_id
JOIN (
    SELECT n.line_id, coalesce(n.rate < 0, FALSE) AND NOT EXISTS (
        SELECT 1 FROM line_rates r
        WHERE r.line_id = n.line_id AND n.start_date >= r.valid_from AND (r.valid_to IS NULL OR n.start_date <= r.valid_to)) AS is_negative
    FROM lines n) own ON own.line_id = l.line_id
LEFT JOIN contract_periods death_terms
    ON death_terms.contract_id = l.contract_id
    AND p.date_of_death >= death_terms.from_date AND p.date_of_death < death_terms.until_date
JOIN person_windows w ON w.person_id = l.person_id
