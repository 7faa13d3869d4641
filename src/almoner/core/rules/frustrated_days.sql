-- frustrated_days: how many days a run of frustrated visits has lasted, and what policy pays of each (PRC-5).
-- Days count from the first frustrated visit since the line's last reported delivered or extra one. A policy row with the reason beats a
-- blank one, then the latest valid_from, then the later row; without any, 100 %.
WITH frustrated AS (
    SELECT "row", line_no, date, reason FROM reported WHERE outcome = 'frustrated' AND NOT is_total
),
on_several_days AS (
    SELECT line_no, min(date) AS first_date, max(date) AS last_date FROM frustrated GROUP BY line_no HAVING min(date) < max(date)
),
runs AS (
    SELECT v.line_no, v."row", v.date, v.outcome,
        count(*) FILTER (v.outcome <> 'frustrated') OVER (
            PARTITION BY v.line_no ORDER BY v.date, v.start_minute NULLS FIRST, v."row" ROWS UNBOUNDED PRECEDING) AS run_no
    FROM reported v
    JOIN on_several_days s ON s.line_no = v.line_no AND v.date >= s.first_date AND v.date <= s.last_date
    WHERE NOT v.is_total AND v.outcome IN ('frustrated', 'delivered', 'extra')
),
counted AS (
    SELECT "row", date - min(date) OVER (PARTITION BY line_no, run_no) + 1 AS day_number FROM runs WHERE outcome = 'frustrated'
)
SELECT f."row", f.line_no, f.date, coalesce(c.day_number, 1)::INTEGER AS day_number,
    (CASE WHEN p.percent IS NULL THEN 10000 WHEN coalesce(c.day_number, 1) > p.max_days THEN 0 ELSE p.percent END)::INTEGER AS basis_points,
    p.max_days
FROM frustrated f
JOIN package_lines l USING (line_no)
LEFT JOIN counted c ON c."row" = f."row"
LEFT JOIN frustration_policy p
    ON p.contract_id = l.contract_id AND (p.reason IS NULL OR p.reason = f.reason)
    AND f.date >= p.valid_from AND (p.valid_to IS NULL OR f.date <= p.valid_to)
QUALIFY row_number() OVER (PARTITION BY f."row" ORDER BY p.reason IS NULL, p.valid_from DESC, p."row" DESC) = 1
