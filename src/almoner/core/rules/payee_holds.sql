-- payee_holds: providers whose payments wait (HLD-3): BNK, the latest bank row at `through` is not verified by a second person, who
-- is nobody else for another spelling of their name (core.second_person);
-- CRD, no creditor reference. One row per provider and code, before releases.
WITH latest AS (
    SELECT party_id, verified_by, entered_by, verified_on
    FROM bank_accounts
    WHERE valid_from <= getvariable('through')::DATE
    QUALIFY row_number() OVER (PARTITION BY party_id ORDER BY valid_from DESC, "row" DESC) = 1
)
SELECT party_id AS provider_id, 'BNK' AS code
FROM latest
WHERE verified_by IS NULL OR lower(trim(verified_by)) = lower(trim(entered_by)) OR verified_on > getvariable('through')::DATE
UNION ALL
SELECT provider_id, 'CRD' FROM providers WHERE creditor_reference IS NULL
