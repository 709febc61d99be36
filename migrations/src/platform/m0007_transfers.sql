-- Who goes from one school to another, as far as both must agree on it: which schools, how far it is, when. Nobody
-- is named here: who it is stands in the sealed file and in each school's own schema. This row decides: a file is
-- good while it is issued, it is taken by one hand (accepting), and it is accepted once.

CREATE TABLE platform.transfer (
    id uuid PRIMARY KEY,
    from_school uuid NOT NULL REFERENCES platform.school (id),
    to_school uuid NOT NULL REFERENCES platform.school (id),
    state text NOT NULL CHECK (state IN ('issued', 'accepting', 'accepted', 'withdrawn', 'expired')),
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    claimed_at timestamptz,
    ended_at timestamptz,
    -- When the sending school's own row had the end written into it.
    noted_at timestamptz,
    CONSTRAINT transfer_between_two CHECK (from_school <> to_school),
    CONSTRAINT transfer_ended CHECK ((ended_at IS NOT NULL) = (state IN ('accepted', 'withdrawn', 'expired')))
);
CREATE INDEX transfer_open ON platform.transfer (expires_at) WHERE noted_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON platform.transfer TO kd_app;
