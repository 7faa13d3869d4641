-- contribution_weeks: the assessed contribution of each charge week, Monday to Sunday, rounded down once (CHG-1), in sevenths of a penny by collector (CHG-4).
-- Of contributions valid on a day the latest valid_from, then the later row.
WITH valid AS (
    SELECT s.person_id, s.week, s.state, c.amount_per_week, c.collector, c.valid_from, c."row",
        s.days & days_of_week(c.valid_from, coalesce(c.valid_to + 1, DATE '9999-12-31'), s.week) AS days
    FROM service_weeks s
    JOIN contributions c ON c.person_id = s.person_id AND c.valid_from < s.week + 7 AND (c.valid_to IS NULL OR c.valid_to >= s.week)
),
standing AS (
    SELECT *, bit_count(days & ~coalesce(bit_or(days) OVER later_ones, 0)) AS days_standing
    FROM valid
    WINDOW later_ones AS (PARTITION BY person_id, week, state ORDER BY valid_from DESC, "row" DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT person_id, week, state,
    coalesce(sum(amount_per_week * days_standing) FILTER (collector = 'council'), 0)::BIGINT AS council_sevenths,
    coalesce(sum(amount_per_week * days_standing) FILTER (collector = 'provider'), 0)::BIGINT AS provider_sevenths,
    quotient(sum(amount_per_week * days_standing), 7)::BIGINT AS contribution_pence
FROM standing
WHERE days_standing > 0
GROUP BY person_id, week, state
