-- Practice: when a question comes back to a person, and every answer that says
-- so. The answers are the truth and only ever added to; the cards follow from
-- them, answer by answer.

-- +goose Up

CREATE TABLE practice_cards (
    person_id  TEXT             NOT NULL REFERENCES persons (id),
    quiz       TEXT             NOT NULL,
    question   TEXT             NOT NULL,
    reviews    BIGINT           NOT NULL, -- answers so far
    stability  DOUBLE PRECISION NOT NULL,
    difficulty DOUBLE PRECISION NOT NULL,
    seen_day   TEXT             NOT NULL,
    due_day    TEXT             NOT NULL,
    timed      BIGINT           NOT NULL, -- right answers whose time is known
    timed_ms   BIGINT           NOT NULL,
    PRIMARY KEY (person_id, quiz, question)
);
CREATE INDEX practice_cards_by_due ON practice_cards (person_id, due_day);

CREATE TABLE practice_reviews (
    id         TEXT    NOT NULL PRIMARY KEY,
    person_id  TEXT    NOT NULL REFERENCES persons (id),
    quiz       TEXT    NOT NULL,
    question   TEXT    NOT NULL,
    number     BIGINT  NOT NULL, -- 1 for the first answer to the question
    attempt_id TEXT    NOT NULL, -- the answer was given in; empty in practice
    daily      BOOLEAN NOT NULL, -- one of the day's questions
    edition    TEXT    NOT NULL, -- of the quiz
    choice     TEXT    NOT NULL, -- the answer; empty where the attempt has it
    grade      BIGINT  NOT NULL CHECK (grade BETWEEN 1 AND 4),
    spent_ms   BIGINT  NOT NULL,
    day        TEXT    NOT NULL,
    at         BIGINT  NOT NULL,
    UNIQUE (person_id, quiz, question, number)
);
CREATE INDEX practice_reviews_by_day ON practice_reviews (person_id, day);

-- +goose StatementBegin
CREATE TRIGGER practice_reviews_no_update BEFORE UPDATE ON practice_reviews
BEGIN SELECT RAISE(ABORT, 'practice_reviews is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER practice_reviews_no_delete BEFORE DELETE ON practice_reviews
BEGIN SELECT RAISE(ABORT, 'practice_reviews is append-only'); END;
-- +goose StatementEnd
