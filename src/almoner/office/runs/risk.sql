-- The risk screen: which receipts of a run to look at before it is sealed, by eight rules.
--
-- In:  receipts (numbered), holds, lines, contracts, contract_terms, rates, line_rates, providers; paid_before, watched (line_id);
--      upheld (line_id, person_id, provider_id, week); bounds (after, through)
-- Out: flagged (rule, number)

CREATE OR REPLACE TEMP VIEW known AS
SELECT receipts.number, receipts.line_id, receipts.person_id, receipts.provider_id, receipts.week, receipts.kind,
    lines.contract_id, lines.element, lines.end_date, contracts.basis, providers.creditor_reference
FROM receipts
LEFT JOIN lines USING (line_id)
LEFT JOIN contracts ON contracts.contract_id = lines.contract_id
LEFT JOIN providers ON providers.provider_id = receipts.provider_id;

CREATE OR REPLACE TEMP VIEW changed_rates AS
SELECT lines.line_id
FROM lines JOIN rates USING (contract_id, element) CROSS JOIN bounds
WHERE rates.valid_from > bounds.after AND rates.valid_from <= bounds.through AND lines.start_date < rates.valid_from
UNION
SELECT line_id FROM line_rates CROSS JOIN bounds WHERE valid_from > bounds.after AND valid_from <= bounds.through;

CREATE OR REPLACE TEMP VIEW flagged AS
SELECT 'creditor' AS rule, number FROM known WHERE provider_id <> '' AND coalesce(creditor_reference, '') = ''
UNION
SELECT 'held', known.number FROM known JOIN holds ON holds.person_id = known.person_id AND holds.provider_id = known.provider_id
WHERE holds.line_id = '' OR holds.line_id = known.line_id
UNION
SELECT 'rejected', known.number FROM known JOIN upheld ON upheld.person_id = known.person_id
WHERE upheld.line_id IS NULL OR upheld.line_id = known.line_id
UNION
SELECT 'variation', number FROM known WHERE kind = 'adjustment' OR basis = 'one_off'
UNION
SELECT 'first', number FROM known WHERE line_id <> '' AND line_id NOT IN (SELECT line_id FROM paid_before)
UNION
SELECT 'ending', number FROM known CROSS JOIN bounds WHERE end_date > bounds.after AND end_date < bounds.through
UNION
SELECT 'rate', number FROM known WHERE line_id IN (SELECT line_id FROM changed_rates)
UNION
SELECT 'watched', number FROM known WHERE line_id IN (SELECT line_id FROM watched);
