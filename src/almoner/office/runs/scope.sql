-- Which weeks of which people a run looks at again: those that are new, whose facts changed, and those still held.
--
-- In:  changes   (table_name, person_id, line_id, contract_id, provider_id, first_day, last_day, recorded_by, recorded_on): facts recorded since
--                the run this one builds on; blank ids are null, a blank last day is open, a blank first day is ever
--      packages  (line_id, person_id, provider_id, contract_id, week_start): every line in every version ever recorded
--      held      (person_id, week): keys held when the earlier run was sealed
--      pending   (person_id): people with an authorisation or agreement that took effect since, by its date
--      bounds    (earlier_through, through): last day of the earlier run and of this one
-- Out: scope (person_id, from_date, until_date): weeks whose first day is in [from_date, until_date), one row a person
--
-- Where a change's reach is hard to bound it is widened, never narrowed.

CREATE OR REPLACE TEMP VIEW reaches AS
SELECT
    table_name,
    person_id,
    line_id,
    contract_id,
    provider_id,
    -- These say something about the whole life of what they belong to.
    CASE
        WHEN table_name IN ('lines', 'schedule', 'contracts', 'frustration_policy') THEN NULL
        ELSE first_day
    END AS first_day,
    -- Terms hold until others replace them; a visit may restart the count of frustrated days after it (PRC-5).
    CASE
        WHEN table_name IN ('people', 'lines', 'schedule', 'contracts', 'frustration_policy', 'contract_terms', 'line_terms') THEN NULL
        ELSE last_day
    END AS last_day,
    recorded_by,
    recorded_on
FROM changes
-- A name or a bank account moves no money that is not held, and what is held is looked at anyway (HLD-5: increases only).
WHERE table_name NOT IN ('providers', 'sites', 'funders', 'bank_accounts');

CREATE OR REPLACE TEMP VIEW reached_people AS
SELECT person_id, first_day FROM reaches WHERE person_id IS NOT NULL
UNION ALL
SELECT packages.person_id, first_day FROM reaches INNER JOIN packages USING (line_id)
UNION ALL
SELECT packages.person_id, first_day FROM reaches INNER JOIN packages USING (contract_id) WHERE reaches.line_id IS NULL
UNION ALL
SELECT packages.person_id, first_day FROM reaches INNER JOIN packages USING (provider_id)
WHERE reaches.line_id IS NULL AND reaches.contract_id IS NULL AND reaches.person_id IS NULL
UNION ALL
-- A change that names nobody may reach anybody.
SELECT packages.person_id, first_day FROM reaches CROSS JOIN (SELECT DISTINCT person_id FROM packages) AS packages
WHERE reaches.line_id IS NULL AND reaches.contract_id IS NULL AND reaches.provider_id IS NULL AND reaches.person_id IS NULL
UNION ALL
SELECT person_id, NULL FROM pending
UNION ALL
SELECT person_id, week FROM held;

-- Weeks of lines and charge weeks are coupled where they do not begin on the same weekday: two weeks more on either side, and one to spare.
CREATE OR REPLACE TEMP VIEW couplings AS
SELECT person_id, CASE WHEN bool_and(week_start = 'monday') THEN 0 ELSE 21 END AS coupled_days
FROM packages
GROUP BY person_id;

-- The calculation works out a person's weeks in one stretch, from the earliest that may have changed.
CREATE OR REPLACE TEMP VIEW scope AS
SELECT
    person_id,
    least(
        (SELECT earlier_through FROM bounds) - 6 - coupled_days,
        min(coalesce(first_day - 6 - coupled_days, DATE '1900-01-01')) FILTER (WHERE reached_people.person_id IS NOT NULL)
    ) AS from_date,
    (SELECT through FROM bounds) + 1 AS until_date
FROM couplings
LEFT JOIN reached_people USING (person_id)
GROUP BY person_id, coupled_days
ORDER BY person_id;
