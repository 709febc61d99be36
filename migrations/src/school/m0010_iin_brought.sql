-- ИИН in the rows of an import: numbers that a file brought in and that are not yet anybody's. Those of a row lie
-- sealed in one piece; they go with the row, and at once where the school stops keeping ИИН.

CREATE TABLE iin_brought (
    row_id uuid PRIMARY KEY REFERENCES import_row (id) ON DELETE CASCADE,
    sealed bytea NOT NULL
);
