-- contract_periods: the terms of every contract, cut where any of them changes (CAL-5).
-- One row per contract and half-open period [from_date, until_date). A blank cell in contract_terms leaves the value as it was;
-- of rows valid at once the latest valid_from, then the later row, wins.
WITH in_use AS MATERIALIZED (
    SELECT DISTINCT contract_id FROM kept_lines
),
edges AS (
    SELECT contract_id, DATE '0001-01-01' AS from_date FROM in_use
    UNION SELECT contract_id, valid_from FROM contract_terms SEMI JOIN in_use USING (contract_id)
    UNION SELECT contract_id, valid_to + 1 FROM contract_terms SEMI JOIN in_use USING (contract_id) WHERE valid_to IS NOT NULL
),
periods AS (
    SELECT contract_id, from_date, lead(from_date, 1, DATE '9999-12-31') OVER (PARTITION BY contract_id ORDER BY from_date) AS until_date
    FROM edges
),
changes AS (
    SELECT p.contract_id, p.from_date, p.until_date, t.* EXCLUDE (contract_id), (t.valid_from, t."row") AS latest
    FROM periods p
    LEFT JOIN contract_terms t
        ON t.contract_id = p.contract_id AND t.valid_from <= p.from_date AND (t.valid_to IS NULL OR t.valid_to >= p.from_date)
),
dated AS (
    SELECT contract_id, from_date, any_value(until_date) AS until_date,
        arg_max(tolerance_percent, latest) FILTER (tolerance_percent IS NOT NULL) AS tolerance_percent,
        arg_max(hold, latest) FILTER (hold IS NOT NULL) AS hold,
        arg_max(rounding_minutes, latest) FILTER (rounding_minutes IS NOT NULL) AS rounding_minutes,
        arg_max(rounding_mode, latest) FILTER (rounding_mode IS NOT NULL) AS rounding_mode,
        arg_max(cap_at_planned, latest) FILTER (cap_at_planned IS NOT NULL) AS cap_at_planned,
        arg_max(money_rounding, latest) FILTER (money_rounding IS NOT NULL) AS money_rounding,
        arg_max(pays_last_day, latest) FILTER (pays_last_day IS NOT NULL) AS pays_last_day,
        arg_max(days_paid_after_death, latest) FILTER (days_paid_after_death IS NOT NULL) AS days_paid_after_death,
        arg_max(days_charged_after_death, latest) FILTER (days_charged_after_death IS NOT NULL) AS days_charged_after_death,
        arg_max(needs_agreement, latest) FILTER (needs_agreement IS NOT NULL) AS needs_agreement,
        arg_max(release_reasons, latest) FILTER (release_reasons IS NOT NULL) AS release_reasons
    FROM changes
    GROUP BY contract_id, from_date
)
SELECT c.contract_no, c.contract_id, d.from_date, d.until_date,
    coalesce(d.tolerance_percent, c.tolerance_percent) AS tolerance_basis_points,
    coalesce(d.hold, c.hold) AS hold,
    coalesce(d.rounding_minutes, c.rounding_minutes)::INTEGER AS rounding_minutes,
    coalesce(d.rounding_mode, c.rounding_mode) AS rounding_mode,
    coalesce(d.cap_at_planned, c.cap_at_planned) AS cap_at_planned,
    coalesce(d.money_rounding, c.money_rounding) AS money_rounding,
    coalesce(d.pays_last_day, c.pays_last_day) AS pays_last_day,
    coalesce(d.days_paid_after_death, c.days_paid_after_death)::INTEGER AS days_paid_after_death,
    coalesce(d.days_charged_after_death, c.days_charged_after_death)::INTEGER AS days_charged_after_death,
    coalesce(d.needs_agreement, c.needs_agreement) AS needs_agreement,
    list_transform(string_split(coalesce(d.release_reasons, c.release_reasons, ''), ';'), lambda reason: trim(reason)) AS release_reasons
FROM dated d
JOIN (SELECT row_number() OVER ()::INTEGER AS contract_no, * FROM contracts SEMI JOIN in_use USING (contract_id)) c USING (contract_id)
