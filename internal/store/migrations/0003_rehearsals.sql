-- A rehearsal is practised or taken in earnest, as an exam; only exams are
-- evidence. Every session there is until now was counted as evidence, at the
-- usual time, and its debrief lay open from its end.

-- +goose Up

ALTER TABLE sessions ADD COLUMN exam        BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE sessions ADD COLUMN time_factor BIGINT  NOT NULL DEFAULT 100 CHECK (time_factor BETWEEN 100 AND 1000); -- percent of the scenario's limits of time, fixed at the start
ALTER TABLE sessions ADD COLUMN forked_from TEXT    REFERENCES sessions (id);                                     -- practised from a fork of that one on
ALTER TABLE sessions ADD COLUMN fork_step   BIGINT  NOT NULL DEFAULT 0;                                           -- events taken over from there
ALTER TABLE sessions ADD COLUMN intent      TEXT    NOT NULL DEFAULT '';                                          -- what the learner means to say next time, '' when declined
ALTER TABLE sessions ADD COLUMN unsealed_at BIGINT;                                                               -- when that was said or declined: the debrief is open since

UPDATE sessions SET unsealed_at = ended_at WHERE state = 'ended';

DROP INDEX sessions_one_open;
CREATE UNIQUE INDEX sessions_one_open ON sessions (person_id, scenario, exam) WHERE state = 'open';
CREATE INDEX sessions_by_edition ON sessions (scenario, edition);

-- What an ended exam earned, competence by competence. It follows from the log
-- and is kept so that a mean of many sessions need not fold them all.
CREATE TABLE session_scores (
    session_id TEXT   NOT NULL REFERENCES sessions (id),
    dimension  TEXT   NOT NULL,
    earned     BIGINT NOT NULL,
    percent    BIGINT NOT NULL,
    PRIMARY KEY (session_id, dimension)
);
