-- ИИН of people, only where the school's switch is on (setting `people.iin`). The number lies sealed for this very
-- person; its keyed hash keeps it single in the school. Whoever was shown one stands in the access log.

CREATE TABLE iin (
    profile_id uuid PRIMARY KEY REFERENCES profile (id),
    sealed bytea NOT NULL,
    hash bytea NOT NULL CONSTRAINT iin_hash_key UNIQUE CONSTRAINT iin_hash_length CHECK (length(hash) = 32),
    changed_by uuid NOT NULL REFERENCES profile (id),
    changed_at timestamptz NOT NULL
);

ALTER TABLE access_log DROP CONSTRAINT access_log_what;
ALTER TABLE access_log ADD CONSTRAINT access_log_what CHECK (what IN ('card', 'sheet', 'export', 'iin'));
