-- stretch_costs: cost of each stretch of a week with its line days (FND-1, FND-2). `fine_parts` are ten-thousandths of parts, so that
-- percentages are whole.
WITH costs AS (
    SELECT d.line_no, d.week, d.state, s.from_date, any_value(d.split) AS split, sum(d.cost_parts)::HUGEINT * 10000 AS fine_parts
    FROM stated_pieces d
    JOIN stretches s ON s.line_no = d.line_no AND d.from_date >= s.from_date AND d.from_date < s.until_date
    GROUP BY d.line_no, d.week, d.state, s.from_date
),
days AS (
    SELECT d.line_no, d.week, s.from_date, sum(least(d.until_date, s.until_date) - greatest(d.from_date, s.from_date))::BIGINT AS days
    FROM line_weeks d
    JOIN stretches s ON s.line_no = d.line_no AND s.from_date < d.until_date AND s.until_date > d.from_date
    GROUP BY d.line_no, d.week, s.from_date
)
SELECT c.*, coalesce(d.days, 0) AS days
FROM costs c
LEFT JOIN days d ON d.line_no = c.line_no AND d.week = c.week AND d.from_date = c.from_date
