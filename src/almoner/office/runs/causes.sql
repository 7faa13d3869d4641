-- Why each receipt was posted (DIF-2): which facts changed since the run this one builds on, recorded by whom and on which day.
--
-- In:  numbered  the receipts a run posts, with `number`
--      reaches, packages, bounds: see scope.sql
--      words     (table_name, words)
-- Out: causes (number, cause)

CREATE OR REPLACE TEMP VIEW posted_keys AS
SELECT number, kind, week, line_id, person_id, provider_id FROM numbered WHERE kind = 'adjustment';

-- Once, and of lines only those that an adjustment is about: of most people all that is new are weeks never posted before.
CREATE OR REPLACE TEMP TABLE told AS
WITH lines_told AS (
    SELECT line_id FROM posted_keys
    UNION
    SELECT packages.line_id FROM posted_keys INNER JOIN packages USING (person_id) WHERE posted_keys.line_id = ''
)
SELECT DISTINCT
    reaches.person_id,
    reaches.line_id,
    reaches.contract_id,
    reaches.provider_id,
    reaches.first_day,
    reaches.last_day,
    format('{} ({}, {})', words.words, reaches.recorded_by, strftime(reaches.recorded_on, '%-d %B %Y')) AS words,
    reaches.recorded_on
FROM reaches
-- Of a person known before, what changed from a day on is the day of death.
INNER JOIN words ON words.table_name = CASE WHEN reaches.table_name = 'people' AND reaches.first_day IS NOT NULL THEN 'deaths' ELSE reaches.table_name END
WHERE reaches.line_id IS NULL OR reaches.line_id IN (FROM lines_told);

CREATE OR REPLACE TEMP VIEW related AS
SELECT number, told.words, told.recorded_on
FROM posted_keys INNER JOIN told ON told.line_id = posted_keys.line_id
WHERE week + 7 > coalesce(first_day, week) AND week <= coalesce(last_day, week)
UNION
-- A charge is for a person: whatever changed on any of the person's lines.
SELECT number, told.words, told.recorded_on
FROM posted_keys INNER JOIN packages USING (person_id) INNER JOIN told ON told.line_id = packages.line_id
WHERE posted_keys.line_id = '' AND week + 7 > coalesce(first_day, week) AND week <= coalesce(last_day, week)
UNION
SELECT number, told.words, told.recorded_on
FROM posted_keys INNER JOIN told ON told.person_id = posted_keys.person_id
WHERE told.line_id IS NULL AND week + 7 > coalesce(first_day, week) AND week <= coalesce(last_day, week)
UNION
SELECT number, told.words, told.recorded_on
FROM posted_keys INNER JOIN packages ON packages.line_id = posted_keys.line_id OR (posted_keys.line_id = '' AND packages.person_id = posted_keys.person_id)
INNER JOIN told ON told.contract_id = packages.contract_id OR (told.contract_id IS NULL AND told.provider_id = packages.provider_id)
WHERE told.line_id IS NULL AND told.person_id IS NULL AND week + 7 > coalesce(first_day, week) AND week <= coalesce(last_day, week);

CREATE OR REPLACE TEMP VIEW causes AS
SELECT
    numbered.number,
    CASE
        WHEN numbered.kind = 'regular' THEN 'First posting of this week.'
        WHEN count(related.words) > 0
            THEN 'Changed since: ' || array_to_string(list_slice(list(DISTINCT related.words ORDER BY related.words), 1, 6), '; ')
                || CASE WHEN count(DISTINCT related.words) > 6 THEN format('; and {} more', count(DISTINCT related.words) - 6) ELSE '' END || '.'
        WHEN numbered.week + 6 > (SELECT earlier_through FROM bounds) THEN 'The days of a week that was posted in part before.'
        ELSE 'Worked out again from the facts now known.'
    END AS cause
FROM numbered
LEFT JOIN related USING (number)
GROUP BY numbered.number, numbered.kind, numbered.week
ORDER BY numbered.number;
