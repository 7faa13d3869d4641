-- receipts: entitlement less everything sealed for the same key (DIF-1). Zero makes no receipt; `adjustment` where a sealed row exists.
SELECT book, payee_id, person_id, line_id, provider_id, funder_id, week,
    CASE WHEN was_sealed THEN 'adjustment' ELSE 'regular' END AS kind, posted_pence - sealed_pence AS amount_pence
FROM positions
WHERE posted_pence <> sealed_pence
