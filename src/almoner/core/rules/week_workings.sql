-- week_workings: every line and week with the terms, comparison, holds, shares and deductions behind its payment (LIN, HLD, FND, CHG, DIF). One row per line and week.
WITH weeks AS (
    SELECT line_no, week FROM stated_weeks WHERE state <> 'lo'
    UNION SELECT line_no, week FROM reported_weeks
    UNION SELECT line_no, week FROM unready_weeks
    UNION SELECT line_no, week FROM top_up_weeks
    UNION SELECT line_no, week FROM held_visits
    UNION SELECT line_no, week FROM one_offs
    UNION SELECT line_no, week FROM line_weeks
    UNION SELECT line_no, week FROM sealed WHERE book = 'payments'
),
-- Most weeks have one share: a list put in order for each of them would be half of all this.
counted AS (
    SELECT line_no, week, count(*) AS shares, any_value(funder_id) AS funder_id, any_value(settlement) AS settlement,
        any_value(amount_pence) AS amount_pence
    FROM funder_shares WHERE state <> 'lo' GROUP BY line_no, week
),
shared AS (
    SELECT line_no, week, [{'funder_id': funder_id, 'settlement': settlement, 'amount_pence': amount_pence}] AS shares
    FROM counted WHERE shares = 1
    UNION ALL
    SELECT line_no, week, list({'funder_id': funder_id, 'settlement': settlement, 'amount_pence': amount_pence} ORDER BY share_order NULLS LAST, funder_id, settlement)
    FROM funder_shares SEMI JOIN (SELECT line_no, week FROM counted WHERE shares > 1) USING (line_no, week)
    WHERE state <> 'lo'
    GROUP BY line_no, week
),
groups AS (
    SELECT c.care_no, c.week, any_value(t.tolerance) AS tolerance_basis_points, any_value(t.common) AS split,
        sum(c.claimed_parts * (t.common // c.split))::VARCHAR AS claimed_parts, sum(c.planned_parts * (t.common // c.split))::VARCHAR AS planned_parts
    FROM compared_weeks c
    JOIN (SELECT c.care_no, c.week, min(p.tolerance_basis_points) AS tolerance,
              list_reduce(list(c.split), lambda a, b: lcm(a, b))::HUGEINT AS common
          FROM compared_weeks c
          JOIN contract_periods p ON p.contract_no = c.contract_no AND c.week >= p.from_date AND c.week < p.until_date
          GROUP BY ALL) t
        ON t.care_no = c.care_no AND t.week = c.week
    GROUP BY c.care_no, c.week
),
asked AS MATERIALIZED (
    SELECT w.line_no, w.week, l.person_id, l.provider_id, l.line_id FROM weeks w JOIN package_lines l USING (line_no)
),
decisions AS (
    SELECT w.line_no, w.week, list({'code': r.code, 'reason': r.reason, 'by': r."by", 'at': r."at"} ORDER BY r."row") AS releases
    FROM asked w
    JOIN releases_in_force r
        ON (r.person_id IS NULL OR r.person_id = w.person_id) AND (r.provider_id IS NULL OR r.provider_id = w.provider_id)
        AND (r.line_id IS NULL OR r.line_id = w.line_id) AND (r.week IS NULL OR r.week = w.week)
    GROUP BY w.line_no, w.week
),
hospital AS (
    SELECT c.care_no, c.week, count(DISTINCT h.date)::INTEGER AS days
    FROM compared_weeks c
    JOIN package_lines l USING (line_no)
    JOIN hospital_days h ON h.line_no = c.line_no AND h.date BETWEEN greatest(c.week, l.start_date) AND least(c.week + 6, l.last_day)
    GROUP BY c.care_no, c.week
),
waiting AS (
    SELECT l.care_no, h.week, sum(p.hi_pence - p.cleared_pence)::BIGINT AS held_pence
    FROM held_weeks h
    JOIN package_lines l USING (line_no)
    JOIN balances p ON p.book = 'payments' AND p.line_no = h.line_no AND p.week = h.week
    WHERE h.code = 'TOL'
    GROUP BY l.care_no, h.week
),
topped AS (
    SELECT line_no, week, sum(top_up_pence)::BIGINT AS top_up_pence FROM top_up_weeks GROUP BY line_no, week
),
netted AS (
    SELECT line_no, week, sum(netted_pence)::BIGINT AS netted_pence FROM netted_weeks WHERE state <> 'lo' GROUP BY line_no, week
)
SELECT l.line_id, l.person_id, l.provider_id, l.contract_id, l.element, l.service_type, l.basis, w.week,
    l.start_date, l.end_date, l.last_day, l.date_of_death, l.has_timetable,
    l.basis = 'placement' AND l.last_day >= l.start_date AND l.last_day BETWEEN w.week AND least(w.week + 6, getvariable('through')::DATE)
        AND z.line_no IS NULL AS last_day_unpaid,
    t.rounding_minutes, t.rounding_mode, t.cap_at_planned, t.money_rounding, t.tolerance_basis_points AS own_tolerance_basis_points, t.hold,
    r.has_total, r.last_submitted_at,
    c.split::BIGINT AS split, c.cost_parts::VARCHAR AS cost_parts, coalesce(c.gross_pence, 0) AS gross_pence,
    g.tolerance_basis_points, g.split::VARCHAR AS compared_split, g.claimed_parts, g.planned_parts,
    o.split::VARCHAR AS own_split, o.claimed_parts::VARCHAR AS own_claimed_parts, o.planned_parts::VARCHAR AS own_planned_parts,
    coalesce(y.days, 0) AS hospital_days_left_out,
    b.care_no IS NOT NULL AS is_breach, coalesce(b.holds_excess, FALSE) AS holds_excess,
    coalesce(list_contains(b.freed_lines, l.line_id), FALSE) AS is_freed, coalesce(q.held_pence, 0) AS group_held_pence,
    h.code AS held_code, h.kept_parts IS NOT NULL AS holds_excess_only, d.releases,
    s.shares, n.netted_pence, coalesce(u.top_up_pence, 0) AS top_up_pence,
    e.lo_pence, e.hi_pence, e.sealed_pence, e.was_sealed, e.cleared_pence, e.posted_pence, e.payee_code
FROM weeks w
JOIN package_lines l USING (line_no)
JOIN contract_periods t ON t.contract_id = l.contract_id AND greatest(w.week, l.start_date) >= t.from_date AND greatest(w.week, l.start_date) < t.until_date
LEFT JOIN placement_days z ON z.line_no = w.line_no AND z.date = l.last_day
LEFT JOIN reported_weeks r ON r.line_no = w.line_no AND r.week = w.week
LEFT JOIN stated_weeks c ON c.line_no = w.line_no AND c.week = w.week AND c.state <> 'lo'
LEFT JOIN groups g ON g.care_no = l.care_no AND g.week = w.week
LEFT JOIN breaches b ON b.care_no = l.care_no AND b.week = w.week
LEFT JOIN compared_weeks o ON o.line_no = w.line_no AND o.week = w.week
LEFT JOIN hospital y ON y.care_no = l.care_no AND y.week = w.week
LEFT JOIN waiting q ON q.care_no = l.care_no AND q.week = w.week
LEFT JOIN held_weeks h ON h.line_no = w.line_no AND h.week = w.week
LEFT JOIN decisions d ON d.line_no = w.line_no AND d.week = w.week
LEFT JOIN shared s ON s.line_no = w.line_no AND s.week = w.week
LEFT JOIN netted n ON n.line_no = w.line_no AND n.week = w.week
LEFT JOIN topped u ON u.line_no = w.line_no AND u.week = w.week
LEFT JOIN balances e ON e.book = 'payments' AND e.line_no = w.line_no AND e.week = w.week
WHERE w.week >= l.post_from AND w.week < l.post_until
ORDER BY l.line_id, w.week
