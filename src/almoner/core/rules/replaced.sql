-- replaced: what a later word on the same visit replaces (LIN-1, LIN-6): of rows with the same line, date and start time (week totals: line and
-- week) the later submitted_at, then the later row, wins.
SELECT "row"
FROM spoken SEMI JOIN (SELECT visit_key FROM spoken GROUP BY visit_key HAVING count(*) > 1) repeated USING (visit_key)
QUALIFY row_number() OVER (PARTITION BY visit_key ORDER BY submitted_at DESC NULLS LAST, "row" DESC) > 1
