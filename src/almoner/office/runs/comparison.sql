-- A run beside the one before it, by provider and service, those most out of line first.
--
-- In:  this, last (number, payee_id, line_id, provider_id, week, kind, amount_pence, cause); lines, contracts, providers; bounds (after, through)
-- Out: compared

CREATE OR REPLACE TEMP VIEW services AS
SELECT lines.line_id, contracts.service_type AS service, lines.start_date, lines.end_date
FROM lines JOIN contracts USING (contract_id);

CREATE OR REPLACE TEMP VIEW posted AS
SELECT 'this' AS run, this.*, coalesce(services.service, '–') AS service, start_date, end_date FROM this LEFT JOIN services USING (line_id)
UNION ALL
SELECT 'last', last.*, coalesce(services.service, '–'), start_date, end_date FROM last LEFT JOIN services USING (line_id);

CREATE OR REPLACE TEMP VIEW causes AS
SELECT payee_id, service, cause
FROM posted
WHERE run = 'this' AND kind <> 'regular'
GROUP BY payee_id, service, cause
QUALIFY row_number() OVER (PARTITION BY payee_id, service ORDER BY sum(abs(amount_pence)) DESC, cause) = 1;

CREATE OR REPLACE TEMP VIEW compared AS
WITH sums AS (
    SELECT
        payee_id, service,
        coalesce(sum(amount_pence) FILTER (run = 'last'), 0)::BIGINT AS last,
        coalesce(sum(amount_pence) FILTER (run = 'this'), 0)::BIGINT AS this,
        count(*) FILTER (run = 'this') AS receipts,
        count(*) FILTER (run = 'this' AND kind <> 'regular') AS adjustments,
        count(DISTINCT line_id) FILTER (run = 'this' AND start_date > bounds.after AND start_date <= bounds.through) AS new_lines,
        count(DISTINCT line_id) FILTER (run = 'this' AND end_date > bounds.after AND end_date <= bounds.through) AS ended_lines
    FROM posted CROSS JOIN bounds
    GROUP BY payee_id, service
)
SELECT
    sums.payee_id, coalesce(providers.name, sums.payee_id) AS payee, service, last, this, this - last AS difference,
    CASE WHEN last <> 0 THEN ((this - last) * 10000 // abs(last))::BIGINT END AS basis_points,
    receipts, adjustments, new_lines, ended_lines,
    abs(this - last) > 50000 AND 4 * abs(this - last) > abs(last) AS is_outlier,
    coalesce(causes.cause, CASE WHEN last = 0 THEN 'Nothing was paid for it last time.' WHEN receipts = 0 THEN 'Nothing is paid for it this time.' ELSE '' END) AS because
FROM sums
LEFT JOIN causes USING (payee_id, service)
LEFT JOIN providers ON providers.provider_id = sums.payee_id
ORDER BY is_outlier DESC, abs(this - last) DESC, sums.payee_id, service;
