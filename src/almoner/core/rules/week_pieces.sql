-- week_pieces: weeks of a line that something divides, piece by piece: where its shares change (FND-2), where it becomes or ceases to be chargeable
-- (CHG-2), and days left out of the tolerance (HLD-1). What is true of a piece's first day is true of all its days. Whole weeks have no row.
WITH cuts AS (
    SELECT line_no, from_date AS cut FROM stretches
    UNION SELECT line_no, from_date FROM chargeable_lines
    UNION SELECT line_no, until_date FROM chargeable_lines
    UNION SELECT line_no, date FROM uncompared_days
    UNION SELECT line_no, date + 1 FROM uncompared_days
),
within AS (
    SELECT c.line_no, week_of(c.cut, l.first_weekday) AS week, c.cut
    FROM cuts c
    JOIN package_lines l USING (line_no)
    WHERE c.cut > DATE '0001-01-01' AND c.cut < DATE '9999-12-31' AND c.cut <> week_of(c.cut, l.first_weekday)
),
edges AS (
    SELECT line_no, week, cut FROM within
    UNION SELECT line_no, week, week FROM within
)
SELECT line_no, week, cut AS from_date, lead(cut, 1, week + 7) OVER (PARTITION BY line_no, week ORDER BY cut) AS until_date
FROM edges
