-- A school. Text with CHECK, uuid v7 keys, no enums, sequences, triggers or functions;
-- no key and no query leaves the schema.

CREATE TABLE setting (
    key text PRIMARY KEY,
    value jsonb NOT NULL,
    version integer NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL
);

CREATE TABLE profile (
    id uuid PRIMARY KEY,
    account_id uuid CONSTRAINT profile_account_key UNIQUE,
    kind text NOT NULL CHECK (kind IN ('staff', 'student', 'guardian')),
    surname text NOT NULL CHECK (length(surname) BETWEEN 1 AND 100),
    given_name text NOT NULL CHECK (length(given_name) BETWEEN 0 AND 100),
    patronymic text CHECK (length(patronymic) BETWEEN 1 AND 100),
    folded_name text NOT NULL,
    birth_date date,
    sex text NOT NULL CHECK (sex IN ('f', 'm')),
    phone text,
    email text,
    address text,
    position text,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'archived')),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    changed_by uuid,
    changed_at timestamptz,
    CONSTRAINT profile_address_staff_only CHECK (kind = 'staff' OR (address IS NULL AND position IS NULL))
);
CREATE INDEX profile_by_kind ON profile (kind, state);

CREATE TABLE role_held (
    profile_id uuid NOT NULL REFERENCES profile (id),
    role text NOT NULL CHECK (role IN ('administrator', 'editor', 'class_teacher', 'teacher', 'student', 'guardian')),
    since timestamptz NOT NULL,
    PRIMARY KEY (profile_id, role)
);

CREATE TABLE guardianship (
    guardian_id uuid NOT NULL REFERENCES profile (id),
    student_id uuid NOT NULL REFERENCES profile (id),
    relation text NOT NULL CHECK (relation IN ('mother', 'father', 'guardian', 'other')),
    since timestamptz NOT NULL,
    PRIMARY KEY (guardian_id, student_id)
);
CREATE INDEX guardianship_by_student ON guardianship (student_id);

-- Where a person's initial credential stands; the secret itself is known to nobody.
CREATE TABLE handout (
    profile_id uuid PRIMARY KEY REFERENCES profile (id),
    credential_id uuid NOT NULL,
    login text NOT NULL,
    state text NOT NULL CHECK (state IN ('issued', 'printed', 'handed_over', 'activated', 'expired', 'revoked')),
    sheet_id uuid,
    issued_at timestamptz NOT NULL,
    printed_at timestamptz,
    handed_over_at timestamptz,
    handed_over_by uuid,
    activated_at timestamptz,
    expires_at timestamptz NOT NULL
);

CREATE TABLE sheet (
    id uuid PRIMARY KEY,
    class_id uuid,
    who text NOT NULL CHECK (who IN ('students', 'guardians', 'staff', 'all')),
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'both')),
    profile_ids jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'ready', 'fetched', 'failed', 'expired')),
    done integer NOT NULL DEFAULT 0,
    total integer NOT NULL,
    run integer NOT NULL DEFAULT 0,
    requested_by uuid NOT NULL,
    error text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz
);

CREATE TABLE academic_year (
    id uuid PRIMARY KEY,
    name text NOT NULL CONSTRAINT academic_year_name_key UNIQUE,
    begins date NOT NULL,
    ends date NOT NULL,
    CHECK (begins < ends)
);

CREATE TABLE period_set (
    id uuid PRIMARY KEY,
    year_id uuid NOT NULL REFERENCES academic_year (id),
    name text NOT NULL,
    grades jsonb NOT NULL,
    CONSTRAINT period_set_name_key UNIQUE (year_id, name)
);

CREATE TABLE period (
    id uuid PRIMARY KEY,
    set_id uuid NOT NULL REFERENCES period_set (id),
    number integer NOT NULL CHECK (number BETWEEN 1 AND 12),
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    begins date NOT NULL,
    ends date NOT NULL,
    CHECK (begins <= ends),
    CONSTRAINT period_number_key UNIQUE (set_id, number)
);

CREATE TABLE holiday (
    id uuid PRIMARY KEY,
    year_id uuid NOT NULL REFERENCES academic_year (id),
    kind text NOT NULL CHECK (kind IN ('holiday', 'break')),
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    begins date NOT NULL,
    ends date NOT NULL,
    grades jsonb,
    CHECK (begins <= ends)
);

CREATE TABLE bell (
    id uuid PRIMARY KEY,
    shift integer NOT NULL CHECK (shift BETWEEN 1 AND 3),
    number integer NOT NULL CHECK (number BETWEEN 0 AND 12),
    begins time NOT NULL,
    ends time NOT NULL,
    CHECK (begins < ends),
    CONSTRAINT bell_number_key UNIQUE (shift, number)
);

CREATE TABLE class (
    id uuid PRIMARY KEY,
    year_id uuid NOT NULL REFERENCES academic_year (id),
    grade integer NOT NULL CHECK (grade BETWEEN 0 AND 12),
    letter text NOT NULL CHECK (length(letter) BETWEEN 1 AND 3),
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'other')),
    shift integer NOT NULL DEFAULT 1 CHECK (shift BETWEEN 1 AND 3),
    homeroom_id uuid REFERENCES profile (id),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT class_name_key UNIQUE (year_id, grade, letter)
);

CREATE TABLE class_member (
    id uuid PRIMARY KEY,
    class_id uuid NOT NULL REFERENCES class (id),
    student_id uuid NOT NULL REFERENCES profile (id),
    joined date NOT NULL,
    left_on date,
    CHECK (left_on IS NULL OR joined <= left_on)
);
CREATE INDEX class_member_by_class ON class_member (class_id);
CREATE INDEX class_member_by_student ON class_member (student_id);
CREATE UNIQUE INDEX class_member_one_now ON class_member (student_id) WHERE left_on IS NULL;

CREATE TABLE subject (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT subject_code_key UNIQUE,
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    pass_fail boolean NOT NULL DEFAULT false,
    active boolean NOT NULL DEFAULT true
);

CREATE TABLE teaching_load (
    id uuid PRIMARY KEY,
    class_id uuid NOT NULL REFERENCES class (id),
    subject_id uuid NOT NULL REFERENCES subject (id),
    teacher_id uuid NOT NULL REFERENCES profile (id),
    weekly_tenths integer CHECK (weekly_tenths BETWEEN 0 AND 400),
    CONSTRAINT teaching_load_key UNIQUE (class_id, subject_id, teacher_id)
);
CREATE INDEX teaching_load_by_teacher ON teaching_load (teacher_id);

CREATE TABLE lesson (
    id uuid PRIMARY KEY,
    class_id uuid NOT NULL REFERENCES class (id),
    subject_id uuid NOT NULL REFERENCES subject (id),
    teacher_id uuid NOT NULL REFERENCES profile (id),
    held_on date NOT NULL,
    number integer NOT NULL CHECK (number BETWEEN 0 AND 12),
    begins time NOT NULL,
    ends time NOT NULL,
    state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'held', 'cancelled')),
    topic text CHECK (length(topic) <= 500),
    homework text CHECK (length(homework) <= 4000),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT lesson_class_slot_key UNIQUE (class_id, held_on, number, subject_id),
    CONSTRAINT lesson_teacher_slot_key UNIQUE (teacher_id, held_on, number, class_id)
);
CREATE INDEX lesson_by_class_subject ON lesson (class_id, subject_id, held_on);
CREATE INDEX lesson_by_teacher ON lesson (teacher_id, held_on);

CREATE TABLE roll (
    lesson_id uuid PRIMARY KEY REFERENCES lesson (id),
    taken_by uuid NOT NULL REFERENCES profile (id),
    taken_at timestamptz NOT NULL
);

CREATE TABLE work (
    id uuid PRIMARY KEY,
    lesson_id uuid NOT NULL REFERENCES lesson (id),
    kind text NOT NULL CHECK (kind IN ('fo', 'sor', 'soch')),
    max integer NOT NULL CHECK (max BETWEEN 1 AND 100),
    position integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CONSTRAINT work_position_key UNIQUE (lesson_id, kind, position)
);

CREATE TABLE mark (
    id uuid PRIMARY KEY,
    work_id uuid NOT NULL REFERENCES work (id),
    student_id uuid NOT NULL REFERENCES profile (id),
    value integer CHECK (value BETWEEN 0 AND 100),
    code text CHECK (code IN ('exempt', 'not_attested', 'pass', 'fail')),
    comment text CHECK (length(comment) <= 500),
    version integer NOT NULL,
    set_by uuid NOT NULL REFERENCES profile (id),
    set_at timestamptz NOT NULL,
    CONSTRAINT mark_value_or_code CHECK (num_nonnulls(value, code) = 1),
    CONSTRAINT mark_cell_key UNIQUE (work_id, student_id)
);
CREATE INDEX mark_by_student ON mark (student_id);

CREATE TABLE attendance (
    id uuid PRIMARY KEY,
    lesson_id uuid NOT NULL REFERENCES lesson (id),
    student_id uuid NOT NULL REFERENCES profile (id),
    code text NOT NULL CHECK (code IN ('absent_unexcused', 'absent_excused', 'ill', 'late')),
    version integer NOT NULL,
    set_by uuid NOT NULL REFERENCES profile (id),
    set_at timestamptz NOT NULL,
    CONSTRAINT attendance_cell_key UNIQUE (lesson_id, student_id)
);
CREATE INDEX attendance_by_student ON attendance (student_id);

-- Append-only: what a cell held, before and after, by whom and when. Its versions go on where a cleared cell stopped.
CREATE TABLE cell_history (
    id uuid PRIMARY KEY,
    lesson_id uuid NOT NULL,
    student_id uuid NOT NULL,
    what text NOT NULL CHECK (what IN ('mark', 'attendance')),
    before text,
    after text,
    comment text,
    version integer NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL,
    CONSTRAINT cell_history_version_key UNIQUE (lesson_id, student_id, what, version)
);

CREATE TABLE idempotency (
    account_id uuid NOT NULL,
    key uuid NOT NULL,
    operation text NOT NULL,
    body_hash bytea NOT NULL,
    answer jsonb,
    at timestamptz NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency (at);

CREATE TABLE audit (
    id uuid PRIMARY KEY,
    account_id uuid,
    profile_id uuid,
    operation text NOT NULL,
    subject_id uuid,
    at timestamptz NOT NULL
);
