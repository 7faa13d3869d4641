-- The people: who they are, what they need, when some are in hospital and some die. Names and numbers are invented.
CREATE TABLE person AS
WITH numbered AS (
    SELECT i, draw(i, 301, 100) AS need, draw(i, 302, 2) AS sex, getvariable('last_day') - getvariable('first_day') + 1 AS days
    FROM range(getvariable('people')) AS t(i)
), aged AS (
    SELECT *,
        CASE WHEN need < 10 THEN 'placement' WHEN need < 72 THEN 'home_care' WHEN need < 82 THEN 'day_care' WHEN need < 94 THEN 'supported_living'
            ELSE 'home_and_day' END AS package,
        CASE WHEN need BETWEEN 72 AND 93 THEN 19 + draw(i, 303, 50) ELSE 62 + greatest(draw(i, 303, 38), draw(i, 304, 38)) END AS age,
        -- The range kept for test numbers; of two neighbours at least one has a check digit.
        999000000 + 2 * ((i * 314159 + getvariable('seed')) % 500000) AS nhs_base
    FROM numbered
), checked AS (
    SELECT *, (11 - list_sum([substr(nhs_base::VARCHAR, place, 1)::BIGINT * (11 - place) FOR place IN range(1, 10)])::BIGINT % 11) % 11 AS even_check FROM aged
)
SELECT i, package, days,
    (4000000000 + i * 13 + draw(i, 305, 13))::VARCHAR AS person_id,
    one_of(i, 306, ['Abbott', 'Adeyemi', 'Ahmed', 'Allen', 'Anderson', 'Atkinson', 'Bailey', 'Baker', 'Barnes', 'Begum', 'Bell', 'Bennett', 'Booth', 'Bradley',
        'Brown', 'Burton', 'Butler', 'Campbell', 'Carter', 'Chapman', 'Clark', 'Collins', 'Cook', 'Cooper', 'Cox', 'Davies', 'Dixon', 'Doyle', 'Edwards',
        'Ellis', 'Evans', 'Fisher', 'Fletcher', 'Foster', 'Fox', 'Gibson', 'Graham', 'Grant', 'Gray', 'Green', 'Griffiths', 'Hall', 'Harris', 'Harvey',
        'Hill', 'Holmes', 'Hughes', 'Hunt', 'Hussain', 'Jackson', 'James', 'Jenkins', 'Johnson', 'Jones', 'Kaur', 'Kelly', 'Khan', 'King', 'Knight',
        'Kowalski', 'Lee', 'Lewis', 'Lloyd', 'Marshall', 'Martin', 'Mason', 'Mills', 'Mitchell', 'Moore', 'Morgan', 'Morris', 'Murphy', 'Murray',
        'Nowak', 'O''Brien', 'Okafor', 'Owen', 'Palmer', 'Parker', 'Patel', 'Pearson', 'Phillips', 'Powell', 'Price', 'Reynolds', 'Richards',
        'Roberts', 'Rogers', 'Russell', 'Scott', 'Shah', 'Shaw', 'Simpson', 'Singh', 'Smith', 'Stevens', 'Taylor', 'Thomas', 'Thompson', 'Turner',
        'Walker', 'Ward', 'Watson', 'Webb', 'White', 'Williams', 'Wilson', 'Wood', 'Wright', 'Young']) AS family_name,
    CASE WHEN age >= 60 AND sex = 0 THEN one_of(i, 307, ['Audrey', 'Barbara', 'Beryl', 'Betty', 'Brenda', 'Carol', 'Christine', 'Doreen', 'Dorothy', 'Edna',
            'Eileen', 'Elsie', 'Enid', 'Fatima', 'Gladys', 'Hazel', 'Irene', 'Iris', 'Jean', 'Joan', 'Joyce', 'June', 'Kathleen', 'Lilian', 'Margaret', 'Marjorie',
            'Mary', 'Maureen', 'Mavis', 'Muriel', 'Norma', 'Olive', 'Pamela', 'Patricia', 'Pauline', 'Rita', 'Sheila', 'Shirley', 'Surjit', 'Sylvia', 'Vera', 'Winifred'])
        WHEN age >= 60 THEN one_of(i, 307, ['Albert', 'Alan', 'Alfred', 'Arthur', 'Bernard', 'Brian', 'Cyril', 'David', 'Dennis', 'Derek', 'Donald', 'Douglas',
            'Edward', 'Eric', 'Ernest', 'Francis', 'Frank', 'Fred', 'George', 'Gordon', 'Harold', 'Harry', 'Jack', 'John', 'Joseph', 'Kenneth', 'Leonard', 'Leslie', 'Mohammed',
            'Norman', 'Peter', 'Raymond', 'Reginald', 'Robert', 'Ronald', 'Roy', 'Sidney', 'Stanley', 'Thomas', 'Victor', 'Walter', 'William'])
        WHEN sex = 0 THEN one_of(i, 307, ['Aisha', 'Amy', 'Charlotte', 'Chloe', 'Donna', 'Emma', 'Gemma', 'Hannah', 'Jade', 'Jessica', 'Julie', 'Karen', 'Kelly',
            'Laura', 'Lisa', 'Louise', 'Michelle', 'Nicola', 'Priya', 'Rachel', 'Rebecca', 'Sarah', 'Sharon', 'Sophie', 'Tracey', 'Zoe'])
        ELSE one_of(i, 307, ['Adam', 'Andrew', 'Anthony', 'Ben', 'Callum', 'Christopher', 'Craig', 'Daniel', 'Darren', 'Dean', 'Gary', 'Imran', 'Jamie', 'Jason', 'Lee',
            'Liam', 'Mark', 'Matthew', 'Michael', 'Nathan', 'Paul', 'Ryan', 'Sean', 'Simon', 'Stephen', 'Wayne']) END AS given_names,
    make_date(2026 - age, 1 + draw(i, 308, 12), 1 + draw(i, 309, 28)) AS date_of_birth,
    -- About one person in six dies in a year, oftener in a home.
    CASE WHEN draw(i, 310, 100000) < days * (CASE WHEN package = 'placement' THEN 70 WHEN age >= 60 THEN 30 ELSE 3 END)
        THEN getvariable('first_day') + draw(i, 311, days)::INTEGER END AS date_of_death,
    CASE WHEN i < 500000 THEN nhs_base * 10 + CASE WHEN even_check = 10 THEN 18 ELSE even_check END END::VARCHAR AS nhs_number,
    'QX' || (1 + draw(i, 312, 40))::VARCHAR || ' ' || (1 + draw(i, 313, 9))::VARCHAR || one_of(i, 314, ['AB', 'BD', 'DE', 'EF', 'GH', 'HJ', 'JL', 'LN', 'NP', 'PQ', 'RS', 'ST', 'TU', 'UW', 'WX', 'XY'])
        AS postcode,
    CASE WHEN age < 60 THEN one_of(i, 315, ['Learning disability', 'Mental health', 'Physical disability'])
        ELSE one_of(i, 315, ['North locality', 'South locality', 'East locality', 'West locality', 'Hospital discharge', 'Review team']) END AS team,
    -- One person in thirty goes to hospital in four weeks, for two days to three weeks.
    CASE WHEN draw(i, 316, 84000) < days * 100 AND package <> 'day_care' THEN getvariable('first_day') + draw(i, 317, days)::INTEGER END AS hospital_from,
    hospital_from + (1 + least(draw(i, 318, 21), draw(i, 319, 21)))::INTEGER AS hospital_to
FROM checked;
