-- package_lines: every line with its contract, its person's death, its last day (LIN-7) and its person's window.
-- `price_no` numbers price tables (a contract's element), `care_no` one person's care with one provider (HLD-1).
-- `last_day` is the last day it can earn: the earlier of its end and the death (a placement: plus days paid after death).
WITH priced_at_start AS (
    SELECT k.line_id
    FROM line_rates r
    JOIN kept_lines k ON r.line_id = k.line_id AND k.start_date >= r.valid_from AND (r.valid_to IS NULL OR k.start_date <= r.valid_to)
),
known AS (
    SELECT k.*, p.date_of_death,
        coalesce(k.rate < 0, FALSE) AND k.basis = 'one_off' AND k.line_id NOT IN (SELECT line_id FROM priced_at_start) AS is_negative
    FROM kept_lines k
    JOIN people p USING (person_id)
),
prices AS (
    SELECT contract_id, element, row_number() OVER ()::INTEGER AS price_no FROM (SELECT DISTINCT contract_id, element FROM known)
),
cares AS (
    SELECT person_id, provider_id, row_number() OVER ()::INTEGER AS care_no FROM (SELECT DISTINCT person_id, provider_id FROM known)
)
SELECT
    k.line_no, k.line_id, k.person_id, k.contract_id, numbers.contract_no, k.provider_id, k.element, k.basis, k.service_type, k.nation,
    k.first_weekday,
    prices.price_no, cares.care_no,
    k.start_date, k.end_date,
    coalesce(k.end_date < k.start_date, FALSE) AS cancelled,
    k.date_of_death,
    CASE WHEN k.date_of_death IS NULL OR k.is_negative THEN k.end_date
         WHEN k.basis = 'placement' THEN least(k.end_date, k.date_of_death + death_terms.days_paid_after_death)
         ELSE least(k.end_date, k.date_of_death) END AS last_day,
    CASE WHEN k.date_of_death IS NULL THEN NULL
         WHEN k.basis = 'placement' THEN k.date_of_death + death_terms.days_charged_after_death
         ELSE k.date_of_death END AS last_charged_day,
    k.rate, k.rate_unit, k.quantity_per_week, k.authorised_on, k.agreed_on, k.chargeable, k.exempt_reason,
    k.is_negative, k.has_timetable, k.post_from, k.post_until, k.calc_from, k.calc_until
FROM known k
JOIN (SELECT DISTINCT contract_id, contract_no FROM contract_periods) numbers USING (contract_id)
JOIN prices ON prices.contract_id = k.contract_id AND prices.element IS NOT DISTINCT FROM k.element
JOIN cares ON cares.person_id = k.person_id AND cares.provider_id = k.provider_id
LEFT JOIN contract_periods death_terms
    ON death_terms.contract_id = k.contract_id AND k.date_of_death >= death_terms.from_date AND k.date_of_death < death_terms.until_date
