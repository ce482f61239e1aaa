-- Trainers write banks of questions as they write role-plays: a draft is of a kind
-- and a slug. What attempts under way belong to which edition is asked whenever a
-- bank is shown.

-- +goose Up

CREATE TABLE drafts (
    kind     TEXT   NOT NULL CHECK (kind IN ('quiz', 'scenario')),
    slug     TEXT   NOT NULL,
    title    TEXT   NOT NULL,
    source   TEXT   NOT NULL, -- empty after publishing or discarding; the row stays, so that its version never repeats
    version  BIGINT NOT NULL,
    saved_by TEXT   NOT NULL REFERENCES persons (id),
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (kind, slug)
);
INSERT INTO drafts (kind, slug, title, source, version, saved_by, saved_at)
    SELECT 'scenario', slug, title, source, version, saved_by, saved_at FROM scenario_drafts;
DROP TABLE scenario_drafts;

CREATE INDEX attempts_open_by_edition ON attempts (quiz, edition) WHERE state = 'in_progress';
