-- How questions fare, and the panels of judges that recommend a pass mark by
-- Angoff's method.

-- +goose Up

-- The latest attempts at a quiz are what its statistics look at.
CREATE INDEX attempts_by_quiz ON attempts (quiz, ended_at);

CREATE TABLE angoff_panels (
    id        TEXT   NOT NULL PRIMARY KEY,
    quiz      TEXT   NOT NULL,
    edition   TEXT   NOT NULL, -- judged by its wording, whatever is published meanwhile
    opened_by TEXT   NOT NULL REFERENCES persons (id),
    opened_at BIGINT NOT NULL,
    round     BIGINT NOT NULL CHECK (round IN (1, 2)),
    closed_at BIGINT           -- NULL while judges are at work
);
CREATE UNIQUE INDEX angoff_panels_one_open ON angoff_panels (quiz) WHERE closed_at IS NULL;
CREATE INDEX angoff_panels_by_quiz ON angoff_panels (quiz, opened_at);

-- Of a hundred people who just qualify, how many would get it right.
CREATE TABLE angoff_judgements (
    panel_id  TEXT   NOT NULL REFERENCES angoff_panels (id),
    judge_id  TEXT   NOT NULL REFERENCES persons (id),
    round     BIGINT NOT NULL CHECK (round IN (1, 2)),
    question  TEXT   NOT NULL,
    percent   BIGINT NOT NULL CHECK (percent BETWEEN 0 AND 100 AND percent % 5 = 0),
    judged_at BIGINT NOT NULL,
    PRIMARY KEY (panel_id, judge_id, round, question)
);
