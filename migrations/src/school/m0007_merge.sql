-- Two profiles of one person made one, and pairs that look alike and are not. A merge keeps what both were
-- before, what they were after, and what the rooms gave over, so that it can be undone while nothing of it
-- has changed since. A pair goes with whoever of the two is removed as if never entered.

CREATE TABLE merge (
    id uuid PRIMARY KEY,
    kept_id uuid NOT NULL REFERENCES profile (id),
    dropped_id uuid NOT NULL REFERENCES profile (id),
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    rooms jsonb NOT NULL,
    merged_by uuid NOT NULL REFERENCES profile (id),
    merged_at timestamptz NOT NULL,
    undone_by uuid REFERENCES profile (id),
    undone_at timestamptz,
    CONSTRAINT merge_of_two CHECK (kept_id <> dropped_id),
    CONSTRAINT merge_undone_by_somebody CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
CREATE INDEX merge_by_kept ON merge (kept_id);
CREATE UNIQUE INDEX merge_one_open ON merge (dropped_id) WHERE undone_at IS NULL;

CREATE TABLE not_same (
    one_id uuid NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    other_id uuid NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    said_by uuid NOT NULL REFERENCES profile (id),
    said_at timestamptz NOT NULL,
    PRIMARY KEY (one_id, other_id),
    CONSTRAINT not_same_in_order CHECK (one_id < other_id)
);
