-- person_charges: what each person must pay for each charge week (CHG-1): the lower of contribution and chargeable cost.
-- When both the council and a provider collect in one week it is split by their days' contributions, largest remainder, council first (CHG-4).
WITH costs AS (
    SELECT person_id, charge_week AS week, state, sum(cost_pence)::BIGINT AS cost_pence
    FROM charge_pieces
    GROUP BY person_id, charge_week, state
),
charged AS (
    SELECT w.*, coalesce(c.cost_pence, 0) AS cost_pence, least(w.contribution_pence, coalesce(c.cost_pence, 0)) AS charge_pence,
        (w.council_sevenths + w.provider_sevenths)::HUGEINT AS sevenths
    FROM contribution_weeks w
    LEFT JOIN costs c ON c.person_id = w.person_id AND c.week = w.week AND c.state = w.state
),
divided AS (
    SELECT *,
        CASE WHEN sevenths = 0 THEN charge_pence ELSE (charge_pence::HUGEINT * council_sevenths // sevenths)::BIGINT END AS council_floor,
        CASE WHEN sevenths = 0 THEN 0 ELSE (charge_pence::HUGEINT * provider_sevenths // sevenths)::BIGINT END AS provider_floor,
        CASE WHEN sevenths = 0 THEN 0 ELSE charge_pence::HUGEINT * council_sevenths % sevenths END AS council_rest,
        CASE WHEN sevenths = 0 THEN 0 ELSE charge_pence::HUGEINT * provider_sevenths % sevenths END AS provider_rest
    FROM charged
)
SELECT person_id, week, state, contribution_pence, cost_pence, charge_pence,
    CASE WHEN council_rest >= provider_rest THEN charge_pence - provider_floor ELSE council_floor END AS council_pence,
    CASE WHEN council_rest >= provider_rest THEN provider_floor ELSE charge_pence - council_floor END AS provider_pence
FROM divided
