-- What every question of an attempt came to is kept with the result, as opaque
-- JSON, so that statistics of questions need neither papers nor keys.

-- +goose Up

ALTER TABLE results ADD COLUMN scores TEXT NOT NULL DEFAULT '[]';
