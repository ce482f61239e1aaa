-- An exam asks one edition of its quiz, whoever begins when, and it can be called
-- off. Exams that were set before and are not over keep to the edition in force
-- now; of those that are over nothing is claimed: ''. What somebody was asked is
-- in the attempt as ever. An attempt of an exam that was called off is void: it is
-- no attempt used up and never has a result.

-- +goose Up

ALTER TABLE sittings ADD COLUMN edition TEXT NOT NULL DEFAULT '';
UPDATE sittings SET edition = COALESCE((SELECT e.hash FROM current_editions e WHERE e.kind = 'quiz' AND e.slug = sittings.quiz), '')
    WHERE released_at IS NULL;

ALTER TABLE sittings ADD COLUMN cancelled_at  BIGINT;                          -- with it released_at: no result is to come
ALTER TABLE sittings ADD COLUMN cancelled_by  TEXT   REFERENCES persons (id);
ALTER TABLE sittings ADD COLUMN cancel_reason TEXT   NOT NULL DEFAULT '';
