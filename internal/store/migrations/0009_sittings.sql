-- Exams: one quiz asked of a list of people in a window, and free texts marked
-- by people. An attempt has a result as soon as nothing is left to wait for: its
-- texts are marked, and the windows of its exam are closed. Marks are only ever
-- added: the latest of a text holds, the earlier ones stay.

-- +goose Up

CREATE TABLE sittings (
    id             TEXT    NOT NULL PRIMARY KEY,
    title          TEXT    NOT NULL,
    quiz           TEXT    NOT NULL,
    store_id       TEXT    REFERENCES stores (id), -- whose exam it is; NULL for the whole company's
    opens_at       BIGINT  NOT NULL,
    closes_at      BIGINT  NOT NULL,
    releases_at    BIGINT  NOT NULL,               -- when the last window of anybody closes
    minutes        BIGINT  NOT NULL CHECK (minutes > 0),
    one_by_one     BOOLEAN NOT NULL,
    absence_counts BOOLEAN NOT NULL,               -- as an attempt used up
    honour         TEXT    NOT NULL,
    created_by     TEXT    NOT NULL REFERENCES persons (id),
    created_at     BIGINT  NOT NULL,
    released_at    BIGINT                          -- every result there is has been recorded
);
CREATE INDEX sittings_by_opening ON sittings (opens_at, id);
CREATE INDEX sittings_to_release ON sittings (releases_at) WHERE released_at IS NULL;

CREATE TABLE examinees (
    sitting_id    TEXT   NOT NULL REFERENCES sittings (id),
    person_id     TEXT   NOT NULL REFERENCES persons (id),
    extra_percent BIGINT NOT NULL CHECK (extra_percent BETWEEN 0 AND 900), -- of time, beyond the person's factor
    opens_at      BIGINT,                                                  -- a later window of her own
    closes_at     BIGINT,
    excused       TEXT   NOT NULL,                                         -- why she need not sit it; '' when she has to
    attempt_id    TEXT   UNIQUE REFERENCES attempts (id),
    honour_at     BIGINT,                                                  -- when the honour statement was accepted
    PRIMARY KEY (sitting_id, person_id)
);
CREATE INDEX examinees_by_person ON examinees (person_id);

CREATE TABLE free_texts (
    attempt_id TEXT   NOT NULL REFERENCES attempts (id),
    slot       BIGINT NOT NULL,
    question   TEXT   NOT NULL,
    PRIMARY KEY (attempt_id, slot)
);

CREATE TABLE marks (
    id         TEXT   NOT NULL PRIMARY KEY,
    attempt_id TEXT   NOT NULL,
    slot       BIGINT NOT NULL,
    points     TEXT   NOT NULL, -- JSON, for each criterion of the rubric
    comment    TEXT   NOT NULL,
    marked_by  TEXT   NOT NULL REFERENCES persons (id),
    marked_at  BIGINT NOT NULL,
    FOREIGN KEY (attempt_id, slot) REFERENCES free_texts (attempt_id, slot)
);
CREATE INDEX marks_by_text ON marks (attempt_id, slot, marked_at);

-- An answer is saved with every tap: without a second tree for its key a save
-- writes half as much.
CREATE TABLE answers_by_key (
    attempt_id TEXT   NOT NULL REFERENCES attempts (id),
    slot       BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    choice     TEXT   NOT NULL,
    saved_at   BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, slot)
) WITHOUT ROWID;
INSERT INTO answers_by_key (attempt_id, slot, seq, choice, saved_at) SELECT attempt_id, slot, seq, choice, saved_at FROM answers;
DROP TABLE answers;
ALTER TABLE answers_by_key RENAME TO answers;

-- +goose StatementBegin
CREATE TRIGGER marks_no_update BEFORE UPDATE ON marks
BEGIN SELECT RAISE(ABORT, 'marks is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER marks_no_delete BEFORE DELETE ON marks
BEGIN SELECT RAISE(ABORT, 'marks is append-only'); END;
-- +goose StatementEnd
