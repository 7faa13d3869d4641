-- Chance that is the same on every machine: whole numbers only, from the seed, a thing's number and a salt that names the question.
-- Variables: seed, people, first_day (a Monday), last_day (a Sunday), today, actuals_percent, busy.
CREATE MACRO mixed(x) AS ((xor(x, x >> 15) % 2147483647) * 48271) % 2147483647;
CREATE MACRO scramble(x) AS mixed(mixed(mixed(mixed(x::BIGINT))));
-- A number from 0 to n - 1.
CREATE MACRO draw(i, salt, n) AS scramble((i::BIGINT * 1000003 + salt * 7919 + getvariable('seed')::BIGINT * 104729) % 4611686018427387847) % n;
-- A place from 0 to n - 1 of which the first are drawn far oftener: few providers are big, most are small.
CREATE MACRO heavy(i, salt, n) AS (n::BIGINT * draw(i, salt, 1000000) * draw(i, salt, 1000000)) // 1000000000000;
CREATE MACRO one_of(i, salt, words) AS words[1 + draw(i, salt, len(words))];
