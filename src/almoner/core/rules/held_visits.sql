-- held_visits: visits and week totals held, each with the first unreleased code in the order of HLD-3.
SELECT visit_no, total_row, line_no, week,
    arg_min(code, list_position(['FUT', 'DUP', 'DTH', 'DAT', 'HOS', 'RAT'], code)) AS code
FROM visit_flags
ANTI JOIN freed USING (line_no, week, code)
GROUP BY visit_no, total_row, line_no, week
