-- due_visits: the visits that earn: those reported, and on planned lines the planned ones nobody has spoken of (LIN-1, LIN-2).
-- A reported visit replaces the planned one it names; a week's total replaces the week's plan (LIN-6). On a planned quantity line a frustrated
-- visit changes nothing, like a missed one (LIN-5).
SELECT v.*, v.source = 'planned' AS is_silent
FROM visits v
WHERE v.source = 'reported'
    AND NOT (v.outcome = 'frustrated' AND EXISTS (
        SELECT 1 FROM package_lines l JOIN line_periods t USING (line_id)
        WHERE l.line_no = v.line_no AND l.basis = 'planned' AND NOT l.has_timetable AND t.quantity_hundredths IS NOT NULL
            AND v.date >= t.from_date AND v.date < t.until_date))
UNION ALL
SELECT v.*, TRUE
FROM visits v
JOIN package_lines l USING (line_no)
WHERE v.source = 'planned' AND l.basis = 'planned'
    AND NOT EXISTS (SELECT 1 FROM named n WHERE n.line_no = v.line_no AND n.date = v.date AND n.named_start_minute = v.start_minute)
    AND NOT EXISTS (SELECT 1 FROM reported_weeks w WHERE w.line_no = v.line_no AND w.week = v.week AND w.has_total)
