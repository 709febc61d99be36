-- From which network a line of the audit came; the chain over these lines; who was shown whose card.

ALTER TABLE audit ADD COLUMN came_from text CONSTRAINT audit_came_from_short CHECK (length(came_from) <= 64);

-- Append-only: one seal for each line, in the order of sealing. `hash` is over the hash before, this row and the line;
-- every line until `up_to` is sealed, but for those whose transaction ended late. No reference to the line: the chain
-- must tell that a line is gone.
CREATE TABLE audit_seal (
    audit_id uuid PRIMARY KEY,
    number bigint NOT NULL CHECK (number > 0),
    previous text NOT NULL CHECK (length(previous) = 64),
    hash text NOT NULL CHECK (length(hash) = 64),
    up_to timestamptz NOT NULL,
    sealed_at timestamptz NOT NULL,
    CONSTRAINT audit_seal_number_key UNIQUE (number)
);

-- Append-only: a line is here before the data are on the reader's screen.
CREATE TABLE access_log (
    id uuid PRIMARY KEY,
    profile_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    what text NOT NULL CONSTRAINT access_log_what CHECK (what IN ('card', 'sheet', 'export')),
    came_from text NOT NULL CHECK (length(came_from) <= 64),
    at timestamptz NOT NULL
);
CREATE INDEX access_log_by_time ON access_log (at, id);
CREATE INDEX access_log_by_subject ON access_log (subject_id, at);
