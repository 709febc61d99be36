-- Students who go to another school, and who come from one. What goes is sealed for the other school and is kept
-- only while it may still be accepted. The school of the other side is known by its name alone here.

CREATE TABLE transfer_out (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES profile (id),
    to_kk text NOT NULL,
    to_ru text NOT NULL,
    guardians integer NOT NULL,
    state text NOT NULL CHECK (state IN ('issued', 'accepted', 'withdrawn', 'expired')),
    file bytea,
    issued_by uuid NOT NULL REFERENCES profile (id),
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    withdrawn_by uuid REFERENCES profile (id),
    ended_at timestamptz,
    CONSTRAINT transfer_out_file_while_issued CHECK ((file IS NOT NULL) = (state = 'issued')),
    CONSTRAINT transfer_out_ended CHECK ((ended_at IS NULL) = (state = 'issued'))
);
CREATE INDEX transfer_out_by_student ON transfer_out (student_id);
CREATE UNIQUE INDEX transfer_out_one_open ON transfer_out (student_id) WHERE state = 'issued';

-- The key is the transfer's own: whoever comes with it comes once.
CREATE TABLE transfer_in (
    id uuid PRIMARY KEY,
    student_id uuid NOT NULL REFERENCES profile (id),
    from_kk text NOT NULL,
    from_ru text NOT NULL,
    accepted_by uuid NOT NULL REFERENCES profile (id),
    accepted_at timestamptz NOT NULL
);
CREATE INDEX transfer_in_by_student ON transfer_in (student_id);
