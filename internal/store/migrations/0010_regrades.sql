-- A corrected key: who proposed it, who approved it, and the results that came of
-- it, each a row of its own beside the one before. People are told of theirs.

-- +goose Up

CREATE TABLE regrades (
    id          TEXT   NOT NULL PRIMARY KEY,
    quiz        TEXT   NOT NULL,
    edition     TEXT   NOT NULL, -- whose keys are taken
    reason      TEXT   NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('proposed', 'approved', 'declined')),
    proposed_by TEXT   NOT NULL REFERENCES persons (id),
    proposed_at BIGINT NOT NULL,
    decided_by  TEXT   REFERENCES persons (id),
    decided_at  BIGINT,
    word        TEXT   NOT NULL, -- of who decided
    through_at  BIGINT NOT NULL, -- results recorded up to here, in this order, have been looked at
    through_id  TEXT   NOT NULL,
    CHECK (decided_by IS NULL OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX regrades_one_open ON regrades (quiz) WHERE state = 'proposed';
CREATE INDEX regrades_by_time ON regrades (proposed_at);

ALTER TABLE results ADD COLUMN regrade_id TEXT REFERENCES regrades (id);
CREATE INDEX results_by_grading ON results (graded_at, attempt_id);

CREATE TABLE notices (
    id        TEXT   NOT NULL PRIMARY KEY,
    person_id TEXT   NOT NULL REFERENCES persons (id),
    kind      TEXT   NOT NULL,
    ref       TEXT   NOT NULL,
    detail    TEXT   NOT NULL, -- JSON, what the sentence is filled with
    at        BIGINT NOT NULL,
    seen_at   BIGINT
);
CREATE INDEX notices_unseen ON notices (person_id, at) WHERE seen_at IS NULL;
