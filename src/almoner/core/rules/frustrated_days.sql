-- frustrated_days: how many days a run of frustrated visits has lasted, and what policy pays of each (PRC-5).
-- Days count from the first frustrated visit since the line's last reported delivered or extra one. A policy row with the reason beats a
-- blank one, then the latest valid_from, then the later row; without any, 100 %.
WITH lines_with_several AS (
    SELECT line_no FROM named WHERE outcome = 'frustrated' GROUP BY line_no HAVING count(*) > 1
),
runs AS (
    SELECT n.line_no, n."row", n.date, n.outcome,
        count(*) FILTER (n.outcome IN ('delivered', 'extra')) OVER (
            PARTITION BY n.line_no ORDER BY n.date, n.start_minute NULLS FIRST, n."row" ROWS UNBOUNDED PRECEDING) AS run_no
    FROM named n SEMI JOIN lines_with_several USING (line_no)
),
counted AS (
    SELECT line_no, "row", date, date - min(date) OVER (PARTITION BY line_no, run_no) + 1 AS day_number
    FROM runs
    WHERE outcome = 'frustrated'
    UNION ALL
    SELECT line_no, "row", date, 1 FROM named ANTI JOIN lines_with_several USING (line_no) WHERE outcome = 'frustrated'
)
SELECT c."row", c.day_number::INTEGER AS day_number,
    (CASE WHEN p.percent IS NULL THEN 10000 WHEN c.day_number > p.max_days THEN 0 ELSE p.percent END)::INTEGER AS basis_points,
    p.max_days
FROM reported r
JOIN counted c ON c."row" = r."row"
JOIN package_lines l ON l.line_no = c.line_no
LEFT JOIN frustration_policy p
    ON p.contract_id = l.contract_id AND (p.reason IS NULL OR p.reason = r.reason)
    AND c.date >= p.valid_from AND (p.valid_to IS NULL OR c.date <= p.valid_to)
QUALIFY row_number() OVER (PARTITION BY c."row" ORDER BY p.reason IS NULL, p.valid_from DESC, p."row" DESC) = 1
