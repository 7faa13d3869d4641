-- workings: every line and day with something to say (PRC, LIN, HLD), one row for each thing said or planned that day, priced: visits (with the hold that keeps
-- them out), parts of a week's total, placement days, quantities, one-offs. All that an explanation needs of the days.
-- Exact sums are parts (units.sql) out of `split`, as text, because they may pass 64 bits.
WITH items AS (
    SELECT d.line_no, d.date, d.week, CASE WHEN d.visit_no < 0 THEN 'planned visit' ELSE 'visit' END AS kind,
        coalesce(d.start_minute, n.named_start_minute) AS start_minute, d.outcome::VARCHAR AS outcome, r.reason, r.submitted_at, r."row",
        d.plan_minutes AS planned_minutes, d.delivered_minutes, d.payable_minutes, d.units_hundredths, d.carers, d.basis_points,
        d.unit::VARCHAR AS unit, d.rate_centipence, d.rate_valid_from AS rate_from, d.is_band, NULL::VARCHAR AS absence_kind,
        NULL::DATE AS absence_from, f.day_number AS day_away, f.max_days, d.exact_parts::VARCHAR AS exact_parts, 1::BIGINT AS split, h.code AS held
    FROM priced_visits d
    LEFT JOIN held_visits h USING (visit_no)
    LEFT JOIN frustrated_days f ON f."row" = d.visit_no
    LEFT JOIN reported r ON r."row" = d.visit_no
    LEFT JOIN named n ON n."row" = d.visit_no
    UNION ALL
    SELECT n.line_no, n.date, n.week, 'visit', n.start_minute, n.outcome, r.reason, r.submitted_at, n."row", n.plan_minutes, NULL, 0, NULL,
        n.carers, 0, NULL, NULL, NULL, FALSE, NULL, NULL, NULL, NULL, '0', 1, NULL
    FROM named n
    JOIN reported r USING ("row")
    WHERE n.outcome IN ('missed', 'cancelled')
    UNION ALL
    SELECT t.line_no, t.date, t.week, 'week total', NULL, t.outcome, t.reason, t.submitted_at, t."row", t.weight, t.delivered_minutes,
        t.worked_minutes, t.units_hundredths, t.carers, 10000, t.unit, t.rate_centipence, t.rate_valid_from, FALSE, NULL, NULL, NULL, NULL,
        t.exact_parts::VARCHAR, t.split, h.code
    FROM totals t
    LEFT JOIN held_visits h ON h.total_row = t."row"
    UNION ALL
    SELECT line_no, date, week, 'placement day', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, basis_points, unit, rate_centipence,
        rate_valid_from, FALSE, absence_kind, absence_from, day_away, NULL, exact_parts::VARCHAR, 1, CASE WHEN rate_missing THEN 'RAT' END
    FROM placement_days
    UNION ALL
    SELECT line_no, date, week, 'quantity', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, quantity_hundredths, 1, 10000, unit, rate_centipence,
        rate_valid_from, FALSE, NULL, NULL, NULL, NULL, exact_parts::VARCHAR, 1, CASE WHEN rate_missing THEN 'RAT' END
    FROM quantity_days
    WHERE is_due
    UNION ALL
    SELECT line_no, date, week, CASE WHEN is_negative THEN 'correction' ELSE 'one-off' END, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        quantity_hundredths, 1, 10000, unit, rate_centipence, rate_valid_from, FALSE, NULL, NULL, NULL, NULL, exact_parts::VARCHAR, 1,
        CASE WHEN rate_missing THEN 'RAT' END
    FROM one_offs
),
doubled AS (
    SELECT "row", max(because) AS because
    FROM (
        SELECT "row", 'visit' AS because FROM doubled_visits
        UNION ALL SELECT "row", 'carer' FROM carer_clashes
        UNION ALL SELECT "row", 'named' FROM twice_named
    )
    GROUP BY "row"
),
longest AS (
    SELECT price_no, date, max(high) AS minutes FROM rates_on WHERE is_band GROUP BY price_no, date
)
SELECT l.line_id, l.person_id, l.provider_id, l.contract_id, l.element, l.service_type, l.basis, i.* EXCLUDE (line_no),
    CASE WHEN i.held = 'DUP' THEN coalesce(d.because, 'total') END AS doubled_by,
    CASE WHEN i.held = 'RAT' AND i.unit IS NULL THEN b.minutes END AS longest_priced_minutes
FROM items i
JOIN package_lines l USING (line_no)
LEFT JOIN doubled d ON i.held = 'DUP' AND d."row" = i."row"
LEFT JOIN longest b ON i.held = 'RAT' AND b.price_no = l.price_no AND b.date = i.date
WHERE i.week >= l.post_from AND i.week < l.post_until
-- By line, day and start (none first), as one number: to put rows in order by four columns takes longer.
ORDER BY i.line_no::BIGINT * 4294967296 + (i.date - DATE '1900-01-01') * 4096 + coalesce(i.start_minute + 1, 0), i."row"
