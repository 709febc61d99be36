-- Which subjects a member of staff teaches, whatever the load of this year is.

CREATE TABLE teacher_subject (
    teacher_id uuid NOT NULL REFERENCES profile (id),
    subject_id uuid NOT NULL REFERENCES subject (id),
    PRIMARY KEY (teacher_id, subject_id)
);

-- What a row of an import said so, for the day on which it is taken back.
ALTER TABLE import_row ADD COLUMN taught jsonb;
