-- share_parts: what each share takes of each stretch, exactly (FND-1): fixed amounts in order, pro rata by line days / 7 (whole for a one-off),
-- then percentages of gross, none above what remains of the stretch.
WITH wanted AS (
    SELECT c.line_no, c.week, c.state, c.from_date, c.split, c.fine_parts, s.share_order, s.funder_id, s.settlement, s."row",
        s.amount_per_week IS NULL AS is_percent,
        CASE WHEN s.amount_per_week IS NULL THEN c.fine_parts // 10000 * coalesce(s.percent, 0)
             WHEN l.basis = 'one_off' THEN s.amount_per_week::HUGEINT * 100 * 4200000 * 10000 * c.split
             ELSE s.amount_per_week::HUGEINT * 100 * 600000 * c.days * 10000 * c.split END AS wanted_parts
    FROM stretch_costs c
    JOIN package_lines l USING (line_no)
    JOIN shares s ON s.line_id = l.line_id AND s.valid_from <= c.from_date AND (s.valid_to IS NULL OR s.valid_to >= c.from_date)
),
running AS (
    SELECT *, (sum(wanted_parts) OVER (
        PARTITION BY line_no, week, state, from_date ORDER BY is_percent, share_order, "row" ROWS UNBOUNDED PRECEDING))::HUGEINT AS through_parts
    FROM wanted
)
SELECT * EXCLUDE (through_parts),
    least(through_parts, fine_parts) - least(through_parts - wanted_parts, fine_parts) AS taken_parts
FROM running
