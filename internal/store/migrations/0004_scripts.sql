-- Trainers write role-plays. An edition of a scenario carries its compiled form,
-- what was proved of it and where it comes from.

-- +goose Up

-- The canonical JSON whose SHA-256 is the hash. NULL on rows older than this: they
-- are read from their files.
ALTER TABLE editions ADD COLUMN compiled TEXT;
ALTER TABLE editions ADD COLUMN proof TEXT;
ALTER TABLE editions ADD COLUMN origin TEXT NOT NULL DEFAULT 'shipped' CHECK (origin IN ('shipped', 'trainer'));
ALTER TABLE editions ADD COLUMN published_by TEXT REFERENCES persons (id);

-- Who put it in force, which for an edition taken up again is not who first
-- published it. NULL: it came with the program.
ALTER TABLE current_editions ADD COLUMN put_by TEXT REFERENCES persons (id);

-- What trainers are writing, one draft a scenario. A row stays for ever, so that
-- its version never repeats: after publishing or discarding, source is empty.
CREATE TABLE scenario_drafts (
    slug     TEXT   NOT NULL PRIMARY KEY,
    title    TEXT   NOT NULL,
    source   TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    saved_by TEXT   NOT NULL REFERENCES persons (id),
    saved_at BIGINT NOT NULL
);
