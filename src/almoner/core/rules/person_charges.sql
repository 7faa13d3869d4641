-- person_charges: what each person must pay for each charge week (CHG-1): the lower of contribution and chargeable cost.
-- When both the council and a provider collect in one week it is split by their days' contributions, largest remainder, council first (CHG-4).
WITH costs AS (
    SELECT person_id, charge_week AS week, bool_and(state = 'both') AS alike,
        coalesce(sum(cost_pence) FILTER (state <> 'hi'), 0)::BIGINT AS lo_pence,
        coalesce(sum(cost_pence) FILTER (state <> 'lo'), 0)::BIGINT AS hi_pence
    FROM charge_pieces
    GROUP BY person_id, charge_week
),
assessed AS (
    SELECT w.*, coalesce(c.alike, TRUE) AS alike, coalesce(c.lo_pence, 0) AS lo_pence, coalesce(c.hi_pence, 0) AS hi_pence,
        (w.council_sevenths + w.provider_sevenths)::HUGEINT AS sevenths
    FROM contribution_weeks w
    LEFT JOIN costs c ON c.person_id = w.person_id AND c.week = w.week
),
stated AS (
    SELECT * EXCLUDE (state, alike, lo_pence, hi_pence), CASE WHEN state = 'both' AND NOT alike THEN 'hi' ELSE state END AS state,
        CASE WHEN state = 'lo' THEN lo_pence ELSE hi_pence END AS cost_pence
    FROM assessed
    UNION ALL
    SELECT * EXCLUDE (state, alike, lo_pence, hi_pence), 'lo', lo_pence FROM assessed WHERE state = 'both' AND NOT alike
),
charged AS (
    SELECT *, least(contribution_pence, cost_pence) AS charge_pence FROM stated
),
divided AS (
    SELECT *,
        CASE WHEN sevenths = 0 THEN charge_pence ELSE quotient(charge_pence::HUGEINT * council_sevenths, sevenths)::BIGINT END AS council_floor,
        CASE WHEN sevenths = 0 THEN 0 ELSE quotient(charge_pence::HUGEINT * provider_sevenths, sevenths)::BIGINT END AS provider_floor,
        CASE WHEN sevenths = 0 THEN 0 ELSE remainder(charge_pence::HUGEINT * council_sevenths, sevenths) END AS council_rest,
        CASE WHEN sevenths = 0 THEN 0 ELSE remainder(charge_pence::HUGEINT * provider_sevenths, sevenths) END AS provider_rest
    FROM charged
)
SELECT person_id, week, state, contribution_pence, cost_pence, charge_pence,
    CASE WHEN council_rest >= provider_rest THEN charge_pence - provider_floor ELSE council_floor END AS council_pence,
    CASE WHEN council_rest >= provider_rest THEN provider_floor ELSE charge_pence - council_floor END AS provider_pence
FROM divided
