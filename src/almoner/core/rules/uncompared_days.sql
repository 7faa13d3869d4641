-- uncompared_days: days of a line left out of both sides of the tolerance (HLD-1): in hospital, or outside the line's dates.
SELECT line_no, date FROM hospital_days
UNION
SELECT v.line_no, v.date FROM visits v JOIN visit_flags f USING (visit_no) WHERE f.code IN ('DAT', 'DTH')
UNION
SELECT line_no, date FROM totals WHERE NOT any_in_line
