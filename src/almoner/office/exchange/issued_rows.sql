-- What a run's files are written from, out of what the run read and posted. Ids that are absent are empty text.
--
-- In:  receipts (the run's), payments, people, providers, funders, lines, line_terms, contracts, days and weeks (the run's workings)
-- Out: ledger_rows: one row a receipt in the columns of formats.ledgers LEDGER but for reference and pay date
--      advice_rows: one row a receipt as a remittance tells it

CREATE OR REPLACE TEMP VIEW payees AS
SELECT provider_id AS payee_id, name AS payee_name, creditor_reference FROM providers
UNION ALL
SELECT funder_id, name, NULL FROM funders
UNION ALL
SELECT person_id, trim(concat_ws(' ', given_names, family_name)), NULL FROM people;

CREATE OR REPLACE TEMP VIEW named AS
SELECT payee_id, any_value(payee_name) AS payee_name, any_value(creditor_reference) AS creditor_reference FROM payees GROUP BY payee_id;

-- The budget of a line in a week: the latest dated term that names one by then, else the line's own.
CREATE OR REPLACE TEMP VIEW coded AS
SELECT
    receipts.number,
    coalesce(
        (
            SELECT arg_max(line_terms.cost_code, line_terms.valid_from)
            FROM line_terms
            WHERE line_terms.line_id = receipts.line_id AND line_terms.cost_code IS NOT NULL AND line_terms.valid_from <= receipts.week + 6
                AND (line_terms.valid_to IS NULL OR line_terms.valid_to >= receipts.week)
        ),
        lines.cost_code
    ) AS cost_code
FROM receipts
LEFT JOIN lines USING (line_id);

CREATE OR REPLACE TEMP VIEW ledger_rows AS
SELECT
    receipts.number,
    receipts.book,
    receipts.payee_id,
    coalesce(named.payee_name, '') AS payee_name,
    coalesce(named.creditor_reference, '') AS creditor_reference,
    receipts.person_id,
    receipts.line_id,
    coalesce(lines.contract_id, '') AS contract_id,
    coalesce(contracts.service_type, '') AS service_type,
    coalesce(lines.element, '') AS element,
    coalesce(coded.cost_code, '') AS cost_code,
    receipts.week,
    receipts.week + 6 AS last_day,
    receipts.kind,
    receipts.amount_pence
FROM receipts
LEFT JOIN named USING (payee_id)
LEFT JOIN lines USING (line_id)
LEFT JOIN contracts USING (contract_id)
LEFT JOIN coded USING (number)
ORDER BY receipts.number;

CREATE OR REPLACE TEMP VIEW worked AS
SELECT
    line_id,
    week,
    count(*) FILTER (WHERE kind IN ('visit', 'planned visit') AND held IS NULL AND (payable_minutes > 0 OR units_hundredths > 0)) AS visit_count,
    sum(payable_minutes) FILTER (WHERE kind IN ('visit', 'planned visit') AND held IS NULL) AS minutes,
    count(*) FILTER (WHERE kind = 'placement day') AS day_count,
    max(payable_minutes) FILTER (WHERE kind = 'week total' AND held IS NULL) AS total_minutes,
    max(units_hundredths) FILTER (WHERE kind IN ('quantity', 'one-off', 'correction')) AS quantity_hundredths,
    count(*) FILTER (WHERE kind = 'quantity') AS quantity_days,
    min(rate_centipence) FILTER (WHERE held IS NULL) AS lowest_rate_centipence,
    max(rate_centipence) FILTER (WHERE held IS NULL) AS highest_rate_centipence,
    -- A flat price is one for the visit, whatever unit its table is in.
    count(DISTINCT CASE WHEN is_band THEN 'visit' ELSE unit END) FILTER (WHERE held IS NULL AND rate_centipence IS NOT NULL) AS unit_count,
    any_value(CASE WHEN is_band THEN 'visit' ELSE unit END) FILTER (WHERE held IS NULL AND rate_centipence IS NOT NULL) AS unit
FROM days
GROUP BY line_id, week;

-- What others pay the provider of a line's week themselves.
CREATE OR REPLACE TEMP VIEW paid_directly AS
SELECT line_id, week, list({'name': coalesce(funders.name, funder_id), 'amount_pence': amount_pence} ORDER BY funder_id) AS direct
FROM (SELECT line_id, week, unnest(shares, recursive := true) FROM weeks)
LEFT JOIN funders USING (funder_id)
WHERE settlement = 'direct' AND amount_pence > 0
GROUP BY line_id, week;

CREATE OR REPLACE TEMP VIEW advice_rows AS
SELECT
    receipts.payee_id,
    receipts.person_id,
    coalesce(nullif(trim(concat_ws(' ', people.given_names, people.family_name)), ''), receipts.person_id) AS person_name,
    receipts.line_id,
    coalesce(contracts.service_type, '') AS service,
    receipts.week,
    receipts.kind,
    receipts.amount_pence,
    receipts.cause,
    coalesce(worked.visit_count, 0)::BIGINT AS visit_count,
    coalesce(worked.minutes, 0)::BIGINT AS minutes,
    coalesce(worked.day_count, 0)::BIGINT AS day_count,
    worked.total_minutes::BIGINT AS total_minutes,
    worked.quantity_hundredths::BIGINT AS quantity_hundredths,
    coalesce(worked.quantity_days, 0)::BIGINT AS quantity_days,
    worked.lowest_rate_centipence,
    worked.highest_rate_centipence,
    CASE WHEN worked.unit_count = 1 THEN worked.unit END AS unit,
    paid_directly.direct,
    coalesce(weeks.netted_pence, 0) AS netted_pence,
    coalesce(weeks.top_up_pence, 0) AS top_up_pence,
    greatest(coalesce(weeks.hi_pence - weeks.cleared_pence, 0), 0) AS held_pence
FROM receipts
LEFT JOIN people USING (person_id)
LEFT JOIN lines USING (line_id)
LEFT JOIN contracts USING (contract_id)
LEFT JOIN worked USING (line_id, week)
LEFT JOIN weeks USING (line_id, week)
LEFT JOIN paid_directly USING (line_id, week)
ORDER BY receipts.number;
