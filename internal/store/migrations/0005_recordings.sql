-- Trainers look at role-plays: where scenes stand on the map of a scenario, and
-- what a trainer had to say about a turn of somebody's rehearsal. What was said
-- is never taken back: the database itself refuses changes and deletions.

-- +goose Up

CREATE TABLE scenario_layouts (
    slug  TEXT   NOT NULL,
    scene TEXT   NOT NULL,
    x     BIGINT NOT NULL, -- of the scene's middle, in units of the map
    y     BIGINT NOT NULL,
    PRIMARY KEY (slug, scene)
);

CREATE TABLE turn_comments (
    id         TEXT   NOT NULL PRIMARY KEY,
    session_id TEXT   NOT NULL REFERENCES sessions (id),
    step       BIGINT NOT NULL, -- events in the log after the turn
    author_id  TEXT   NOT NULL REFERENCES persons (id),
    text       TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX turn_comments_by_session ON turn_comments (session_id, step, at);

CREATE INDEX sessions_by_end ON sessions (ended_at);

-- +goose StatementBegin
CREATE TRIGGER turn_comments_no_update BEFORE UPDATE ON turn_comments
BEGIN SELECT RAISE(ABORT, 'turn_comments is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER turn_comments_no_delete BEFORE DELETE ON turn_comments
BEGIN SELECT RAISE(ABORT, 'turn_comments is append-only'); END;
-- +goose StatementEnd
