-- Who left the school and who came back: the profile is archived or active again, and each time away is a
-- row of its own. One row at most is open for a person: the archive's.

CREATE TABLE departure (
    id uuid PRIMARY KEY,
    profile_id uuid NOT NULL REFERENCES profile (id),
    left_on date NOT NULL,
    reason text NOT NULL CHECK (reason IN ('moved', 'graduated', 'other')),
    order_no text CHECK (length(order_no) BETWEEN 1 AND 50),
    recorded_by uuid NOT NULL REFERENCES profile (id),
    recorded_at timestamptz NOT NULL,
    returned_on date,
    returned_by uuid REFERENCES profile (id),
    CONSTRAINT departure_returned_later CHECK (returned_on IS NULL OR left_on <= returned_on),
    CONSTRAINT departure_returned_by_somebody CHECK ((returned_on IS NULL) = (returned_by IS NULL))
);
CREATE INDEX departure_by_profile ON departure (profile_id);
CREATE UNIQUE INDEX departure_one_open ON departure (profile_id) WHERE returned_on IS NULL;
