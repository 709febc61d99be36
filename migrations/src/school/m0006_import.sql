-- What a school brings in from a file: the file's rows as they were read and mended, what each of them is going
-- to do, and, after the commit, what it did, so that all of it can be taken back. The rows go when their time
-- is over; the import itself stays, with who, when, how many, and on what legal basis.

CREATE TABLE import (
    id uuid PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('checked', 'queued', 'running', 'done', 'undoing', 'undone', 'dropped')),
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    source text NOT NULL CHECK (source IN ('own', 'other_diary')),
    legal_basis text CHECK (length(legal_basis) BETWEEN 1 AND 1000),
    tables jsonb NOT NULL,
    counts jsonb NOT NULL,
    done integer NOT NULL DEFAULT 0,
    total integer NOT NULL DEFAULT 0,
    run integer NOT NULL DEFAULT 0,
    error text,
    version integer NOT NULL DEFAULT 1,
    requested_by uuid NOT NULL REFERENCES profile (id),
    created_at timestamptz NOT NULL,
    committed_at timestamptz,
    undone_at timestamptz,
    rows_until timestamptz NOT NULL,
    CONSTRAINT import_basis_of_other_diary CHECK (source = 'own' OR legal_basis IS NOT NULL)
);
-- One at a time writes: two that bring in the same people would bring them in twice.
CREATE UNIQUE INDEX import_one_at_work ON import ((true)) WHERE state IN ('queued', 'running', 'undoing');

CREATE TABLE import_row (
    id uuid PRIMARY KEY,
    import_id uuid NOT NULL REFERENCES import (id),
    place integer NOT NULL,
    sheet integer NOT NULL,
    number integer NOT NULL,
    cells jsonb NOT NULL,
    skipped boolean NOT NULL DEFAULT false,
    outcome text NOT NULL CHECK (outcome IN ('new', 'changed', 'same', 'joined', 'error', 'skipped')),
    verdict jsonb NOT NULL,
    profile_id uuid,
    traces jsonb,
    CONSTRAINT import_row_place_key UNIQUE (import_id, place)
);
