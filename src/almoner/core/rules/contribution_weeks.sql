-- contribution_weeks: the assessed contribution of each charge week, Monday to Sunday, rounded down once (CHG-1), in sevenths of a penny by collector (CHG-4).
-- Of contributions valid on a day the latest valid_from, then the later row.
WITH days AS (
    SELECT s.person_id, s.date, s.state, c.amount_per_week, c.collector
    FROM service_days s
    JOIN contributions c ON c.person_id = s.person_id AND s.date >= c.valid_from AND (c.valid_to IS NULL OR s.date <= c.valid_to)
    QUALIFY row_number() OVER (PARTITION BY s.person_id, s.date, s.state ORDER BY c.valid_from DESC, c."row" DESC) = 1
)
SELECT person_id, week_of(date, 1) AS week, state,
    coalesce(sum(amount_per_week) FILTER (collector = 'council'), 0)::BIGINT AS council_sevenths,
    coalesce(sum(amount_per_week) FILTER (collector = 'provider'), 0)::BIGINT AS provider_sevenths,
    (sum(amount_per_week) // 7)::BIGINT AS contribution_pence
FROM days
GROUP BY person_id, week_of(date, 1), state
