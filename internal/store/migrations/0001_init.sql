-- The first schema. One portable text for SQLite and PostgreSQL: time is BIGINT
-- unix milliseconds UTC, a calendar day is TEXT 2006-01-02, JSON is opaque TEXT.
-- No defaults for time or id: every row says where it came from.

-- +goose Up

-- People ---------------------------------------------------------------------

CREATE TABLE stores (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE persons (
    id                   TEXT    NOT NULL PRIMARY KEY,
    account              TEXT    NOT NULL UNIQUE,
    staff_no             TEXT    NOT NULL UNIQUE,
    name                 TEXT    NOT NULL,
    store_id             TEXT    NOT NULL REFERENCES stores (id),
    post                 TEXT    NOT NULL,
    language             TEXT    NOT NULL CHECK (language IN ('zh', 'en')),
    time_factor          BIGINT  NOT NULL CHECK (time_factor BETWEEN 100 AND 1000), -- percent of the normal time limit
    password_hash        TEXT    NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    created_at           BIGINT  NOT NULL,
    left_at              BIGINT                                                     -- set when the person left; history stays
);
CREATE INDEX persons_by_store ON persons (store_id, staff_no);

-- What may be typed at the login page. One table, so that an account can never
-- equal somebody else's staff number.
CREATE TABLE login_names (
    name      TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES persons (id)
);
CREATE INDEX login_names_by_person ON login_names (person_id);

CREATE TABLE person_roles (
    person_id TEXT NOT NULL REFERENCES persons (id),
    role      TEXT NOT NULL CHECK (role IN ('advisor', 'trainer', 'hr', 'admin')),
    PRIMARY KEY (person_id, role)
);

CREATE TABLE logins (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    id         TEXT   NOT NULL UNIQUE,
    person_id  TEXT   NOT NULL REFERENCES persons (id),
    device     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX logins_by_person ON logins (person_id);

CREATE TABLE login_failures (
    name_hash TEXT   NOT NULL PRIMARY KEY,
    failures  BIGINT NOT NULL,
    last_at   BIGINT NOT NULL
);

CREATE TABLE setup_links (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Bulk actions of staff carry a key; a replay returns the stored outcome.
CREATE TABLE requests (
    key       TEXT   NOT NULL PRIMARY KEY,
    person_id TEXT   NOT NULL REFERENCES persons (id),
    action    TEXT   NOT NULL,
    digest    TEXT   NOT NULL,
    outcome   TEXT   NOT NULL,
    at        BIGINT NOT NULL
);

CREATE TABLE audit (
    id         TEXT   NOT NULL PRIMARY KEY,
    at         BIGINT NOT NULL,
    actor_id   TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    subject_id TEXT   NOT NULL,
    detail     TEXT   NOT NULL
);
CREATE INDEX audit_by_time ON audit (at, id);

-- Content --------------------------------------------------------------------

-- An edition is an immutable published version of one course, quiz, scenario or
-- certification. Evidence cites its hash.
CREATE TABLE editions (
    kind         TEXT   NOT NULL CHECK (kind IN ('course', 'quiz', 'scenario', 'certification')),
    slug         TEXT   NOT NULL,
    hash         TEXT   NOT NULL,
    files        TEXT   NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (kind, slug, hash)
);

CREATE TABLE current_editions (
    kind  TEXT   NOT NULL,
    slug  TEXT   NOT NULL,
    hash  TEXT   NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (kind, slug),
    FOREIGN KEY (kind, slug, hash) REFERENCES editions (kind, slug, hash)
);

-- Learning -------------------------------------------------------------------

CREATE TABLE readings (
    person_id TEXT   NOT NULL REFERENCES persons (id),
    module    TEXT   NOT NULL,
    heading   TEXT   NOT NULL,
    edition   TEXT   NOT NULL,
    read_at   BIGINT NOT NULL,
    PRIMARY KEY (person_id, module, heading)
);

CREATE TABLE assignments (
    id           TEXT   NOT NULL PRIMARY KEY,
    person_id    TEXT   NOT NULL REFERENCES persons (id),
    kind         TEXT   NOT NULL CHECK (kind IN ('module', 'quiz', 'scenario', 'certification')),
    ref          TEXT   NOT NULL,
    due_day      TEXT   NOT NULL,
    source       TEXT   NOT NULL,
    assigned_by  TEXT   NOT NULL REFERENCES persons (id),
    assigned_at  BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX assignments_by_person ON assignments (person_id, kind, ref);

CREATE TABLE attempts (
    id         TEXT   NOT NULL PRIMARY KEY,
    person_id  TEXT   NOT NULL REFERENCES persons (id),
    quiz       TEXT   NOT NULL,
    edition    TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('in_progress', 'submitted', 'expired')),
    started_at BIGINT NOT NULL,
    deadline   BIGINT NOT NULL,
    ended_at   BIGINT,
    receipt    TEXT   NOT NULL,
    paper      TEXT   NOT NULL, -- last: a save looks at the columns before it only
    UNIQUE (person_id, quiz, number)
);
CREATE UNIQUE INDEX attempts_one_open ON attempts (person_id, quiz) WHERE state = 'in_progress';
CREATE INDEX attempts_open_by_deadline ON attempts (deadline) WHERE state = 'in_progress';

CREATE TABLE answers (
    attempt_id TEXT   NOT NULL REFERENCES attempts (id),
    slot       BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    choice     TEXT   NOT NULL,
    saved_at   BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, slot)
);

-- Answers that arrived after the deadline: kept as evidence, never graded.
CREATE TABLE late_answers (
    attempt_id TEXT   NOT NULL REFERENCES attempts (id),
    slot       BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    choice     TEXT   NOT NULL,
    saved_at   BIGINT NOT NULL,
    PRIMARY KEY (attempt_id, slot, seq)
);

CREATE TABLE results (
    attempt_id TEXT    NOT NULL REFERENCES attempts (id),
    revision   BIGINT  NOT NULL,
    edition    TEXT    NOT NULL,
    points     BIGINT  NOT NULL,
    max_points BIGINT  NOT NULL,
    percent    BIGINT  NOT NULL,
    passed     BOOLEAN NOT NULL,
    graded_at  BIGINT  NOT NULL,
    PRIMARY KEY (attempt_id, revision)
);

CREATE TABLE quiz_unlocks (
    id         TEXT   NOT NULL PRIMARY KEY,
    person_id  TEXT   NOT NULL REFERENCES persons (id),
    quiz       TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    granted_by TEXT   NOT NULL REFERENCES persons (id),
    granted_at BIGINT NOT NULL
);
CREATE INDEX quiz_unlocks_by_person ON quiz_unlocks (person_id, quiz);

-- Role-play ------------------------------------------------------------------

CREATE TABLE sessions (
    id         TEXT    NOT NULL PRIMARY KEY,
    person_id  TEXT    NOT NULL REFERENCES persons (id),
    scenario   TEXT    NOT NULL,
    edition    TEXT    NOT NULL,
    engine     BIGINT  NOT NULL,
    seed       TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('open', 'ended')),
    started_at BIGINT  NOT NULL,
    ended_at   BIGINT,
    ending     TEXT    NOT NULL,
    percent    BIGINT  NOT NULL,
    passed     BOOLEAN NOT NULL,
    red_line   BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX sessions_one_open ON sessions (person_id, scenario) WHERE state = 'open';
CREATE INDEX sessions_by_person ON sessions (person_id, started_at);

CREATE TABLE session_events (
    session_id TEXT   NOT NULL REFERENCES sessions (id),
    seq        BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    ref        TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (session_id, seq)
);

-- Certification --------------------------------------------------------------

CREATE TABLE observations (
    id          TEXT   NOT NULL PRIMARY KEY,
    person_id   TEXT   NOT NULL REFERENCES persons (id),
    observer_id TEXT   NOT NULL REFERENCES persons (id),
    item        TEXT   NOT NULL,
    result      TEXT   NOT NULL CHECK (result IN ('pass', 'not_yet')),
    note        TEXT   NOT NULL,
    observed_at BIGINT NOT NULL
);
CREATE INDEX observations_by_person ON observations (person_id, item, observed_at);

-- The ledger. certification is empty for evidence, which counts wherever it is required.
CREATE TABLE ledger (
    id            TEXT    NOT NULL PRIMARY KEY,
    person_id     TEXT    NOT NULL REFERENCES persons (id),
    certification TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    day           TEXT    NOT NULL,
    at            BIGINT  NOT NULL,
    requirement   TEXT    NOT NULL,
    ref           TEXT    NOT NULL,
    outcome       TEXT    NOT NULL,
    percent       BIGINT  NOT NULL,
    red_line      BOOLEAN NOT NULL,
    until_day     TEXT    NOT NULL,
    reason        TEXT    NOT NULL,
    actor_id      TEXT    NOT NULL,
    actor_name    TEXT    NOT NULL,
    source_id     TEXT    NOT NULL
);
CREATE INDEX ledger_by_person ON ledger (person_id, at, id);
CREATE UNIQUE INDEX ledger_once ON ledger (person_id, certification, kind, source_id) WHERE source_id <> '';

-- What cert.Status says for every day from now on, if nothing else happens: one
-- row per span of days. Derived from the ledger, rebuilt with every event, and
-- the only thing lists filter by.
CREATE TABLE standings (
    person_id     TEXT NOT NULL REFERENCES persons (id),
    certification TEXT NOT NULL,
    from_day      TEXT NOT NULL,
    until_day     TEXT NOT NULL,
    state         TEXT NOT NULL,
    valid_until   TEXT NOT NULL,
    due_day       TEXT NOT NULL,
    detail        TEXT NOT NULL,
    PRIMARY KEY (person_id, certification, from_day)
);
CREATE INDEX standings_by_state ON standings (certification, state, until_day);

CREATE TABLE certificates (
    number         TEXT   NOT NULL PRIMARY KEY,
    person_id      TEXT   NOT NULL REFERENCES persons (id),
    certification  TEXT   NOT NULL,
    policy_version TEXT   NOT NULL,
    title          TEXT   NOT NULL,
    title_en       TEXT   NOT NULL,
    level          TEXT   NOT NULL,
    holder         TEXT   NOT NULL,
    staff_no       TEXT   NOT NULL,
    issuer         TEXT   NOT NULL,
    valid_from     TEXT   NOT NULL,
    valid_until    TEXT   NOT NULL,
    evidence       TEXT   NOT NULL,
    issued_day     TEXT   NOT NULL,
    issued_at      BIGINT NOT NULL,
    UNIQUE (person_id, certification, valid_from)
);
