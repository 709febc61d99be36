-- The platform: the registry of schools, accounts, sessions, applications, agreements, provisioning, letters.
-- Nothing about persons but what signing in, recovery and the application need (columns are on a tested allow-list).

CREATE TABLE platform.cell (
    id uuid PRIMARY KEY,
    name text NOT NULL CONSTRAINT cell_name_key UNIQUE CHECK (name ~ '^[a-z][a-z0-9]{0,30}$'),
    host text NOT NULL,
    port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    database text NOT NULL,
    secret_ref text NOT NULL CHECK (secret_ref ~ '^[A-Z][A-Z0-9_]*$'),
    accepts_new boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE SEQUENCE platform.application_number;
CREATE SEQUENCE platform.agreement_number;

CREATE TABLE platform.account (
    id uuid PRIMARY KEY,
    login text NOT NULL CONSTRAINT account_login_key UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._-]{2,63}$'),
    kind text NOT NULL CHECK (kind IN ('user', 'operator')),
    state text NOT NULL CHECK (state IN ('activating', 'active', 'restricted', 'closed')),
    password_hash text NOT NULL,
    language text NOT NULL DEFAULT 'kk' CHECK (language IN ('kk', 'ru', 'en')),
    totp_seed bytea,
    totp_step bigint NOT NULL DEFAULT 0,
    epoch integer NOT NULL DEFAULT 1,
    email text,
    created_at timestamptz NOT NULL,
    password_set_at timestamptz NOT NULL
);

CREATE TABLE platform.terms_acceptance (
    account_id uuid NOT NULL REFERENCES platform.account (id),
    version text NOT NULL,
    language text NOT NULL,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, version)
);

CREATE TABLE platform.application (
    id uuid PRIMARY KEY,
    number text NOT NULL CONSTRAINT application_number_key UNIQUE,
    state text NOT NULL CHECK (state IN ('received', 'under_review', 'approved', 'rejected', 'invited', 'registered',
        'contract_signed', 'provisioning', 'active', 'provisioning_failed')),
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    bin text NOT NULL CHECK (bin ~ '^[0-9]{12}$'),
    region text NOT NULL,
    city text NOT NULL,
    legal_address text NOT NULL,
    postal_address text NOT NULL,
    director text NOT NULL,
    contact_name text NOT NULL,
    contact_position text,
    email text NOT NULL,
    phone text NOT NULL,
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'mixed')),
    pupils integer NOT NULL CHECK (pupils BETWEEN 1 AND 10000),
    locale text NOT NULL CHECK (locale IN ('kk', 'ru', 'en')),
    reason text,
    account_id uuid REFERENCES platform.account (id),
    received_at timestamptz NOT NULL,
    decided_at timestamptz,
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX application_by_bin ON platform.application (bin);
CREATE INDEX application_by_account ON platform.application (account_id);

CREATE TABLE platform.application_event (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES platform.application (id),
    kind text NOT NULL,
    operator_id uuid REFERENCES platform.account (id),
    note text,
    at timestamptz NOT NULL
);
CREATE INDEX application_event_by_application ON platform.application_event (application_id, id);

CREATE TABLE platform.school (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT school_application_key UNIQUE REFERENCES platform.application (id),
    slug text NOT NULL CONSTRAINT school_slug_key UNIQUE CHECK (slug ~ '^[a-z][a-z0-9-]{2,39}$'),
    name_kk text NOT NULL,
    name_ru text NOT NULL,
    bin text NOT NULL,
    language text NOT NULL CHECK (language IN ('kk', 'ru', 'mixed')),
    cell_id uuid NOT NULL REFERENCES platform.cell (id),
    state text NOT NULL CHECK (state IN ('provisioning', 'active', 'restricted', 'suspended', 'termination_requested',
        'export_ready', 'grace', 'destroying', 'destroyed', 'provisioning_failed', 'rolled_back', 'destroy_failed')),
    schema_version text,
    epoch integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    opened_at timestamptz
);

CREATE TABLE platform.membership (
    profile_id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES platform.account (id),
    school_id uuid NOT NULL REFERENCES platform.school (id),
    created_at timestamptz NOT NULL,
    CONSTRAINT membership_account_school_key UNIQUE (account_id, school_id)
);
CREATE INDEX membership_by_school ON platform.membership (school_id);

CREATE TABLE platform.credential (
    id uuid PRIMARY KEY,
    login text NOT NULL CONSTRAINT credential_login_key UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._-]{2,63}$'),
    purpose text NOT NULL CHECK (purpose IN ('activation', 'initial')),
    hash text NOT NULL,
    state text NOT NULL CHECK (state IN ('issued', 'used', 'void')),
    tries integer NOT NULL DEFAULT 0,
    application_id uuid REFERENCES platform.application (id),
    school_id uuid REFERENCES platform.school (id),
    profile_id uuid,
    strict boolean NOT NULL DEFAULT false,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK ((purpose = 'activation' AND application_id IS NOT NULL AND school_id IS NULL AND profile_id IS NULL)
        OR (purpose = 'initial' AND application_id IS NULL AND school_id IS NOT NULL AND profile_id IS NOT NULL))
);
CREATE UNIQUE INDEX credential_one_valid_per_profile ON platform.credential (profile_id) WHERE state = 'issued';
CREATE UNIQUE INDEX credential_one_valid_per_application ON platform.credential (application_id) WHERE state = 'issued';

CREATE TABLE platform.session (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL CONSTRAINT session_token_key UNIQUE,
    scope text NOT NULL CHECK (scope IN ('newcomer', 'user', 'operator')),
    account_id uuid REFERENCES platform.account (id),
    account_epoch integer,
    credential_id uuid REFERENCES platform.credential (id),
    pending_totp bytea,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    idle_seconds integer NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK (account_id IS NOT NULL OR credential_id IS NOT NULL)
);
CREATE INDEX session_by_account ON platform.session (account_id) WHERE ended_at IS NULL;

CREATE TABLE platform.agreement (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT agreement_application_key UNIQUE REFERENCES platform.application (id),
    number text NOT NULL CONSTRAINT agreement_number_key UNIQUE,
    dated date NOT NULL,
    city text NOT NULL,
    requisites jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'signed', 'ended')),
    version integer NOT NULL DEFAULT 1,
    signed_name text,
    signed_by uuid REFERENCES platform.account (id),
    signed_at timestamptz,
    created_at timestamptz NOT NULL
);

CREATE TABLE platform.agreement_paper (
    agreement_id uuid NOT NULL REFERENCES platform.agreement (id),
    language text NOT NULL CHECK (language IN ('kk', 'ru')),
    version integer NOT NULL,
    object_key text NOT NULL,
    sha256 bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (agreement_id, language, version)
);

CREATE TABLE platform.provisioning (
    school_id uuid PRIMARY KEY REFERENCES platform.school (id),
    state text NOT NULL CHECK (state IN ('running', 'active', 'failed', 'undoing', 'rolled_back')),
    attempt integer NOT NULL DEFAULT 0,
    fence bigint NOT NULL DEFAULT 0,
    leased_by text,
    lease_until timestamptz,
    next_try_at timestamptz NOT NULL,
    error text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);

CREATE TABLE platform.provisioning_step (
    school_id uuid NOT NULL REFERENCES platform.provisioning (school_id),
    name text NOT NULL,
    position integer NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'undone')),
    attempts integer NOT NULL DEFAULT 0,
    error text,
    started_at timestamptz,
    finished_at timestamptz,
    PRIMARY KEY (school_id, name)
);

CREATE TABLE platform.school_event (
    id uuid PRIMARY KEY,
    school_id uuid NOT NULL REFERENCES platform.school (id),
    kind text NOT NULL,
    operator_id uuid REFERENCES platform.account (id),
    note text,
    at timestamptz NOT NULL
);
CREATE INDEX school_event_by_school ON platform.school_event (school_id, id);

CREATE TABLE platform.letter (
    id uuid PRIMARY KEY,
    dedupe text NOT NULL CONSTRAINT letter_dedupe_key UNIQUE,
    application_id uuid REFERENCES platform.application (id),
    school_id uuid REFERENCES platform.school (id),
    recipient text NOT NULL,
    subject text NOT NULL,
    body_sealed bytea,
    state text NOT NULL CHECK (state IN ('queued', 'sent', 'dead')),
    attempts integer NOT NULL DEFAULT 0,
    fence bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    next_try_at timestamptz NOT NULL,
    reply text,
    created_at timestamptz NOT NULL,
    sent_at timestamptz
);
CREATE INDEX letter_waiting ON platform.letter (next_try_at) WHERE state = 'queued';

-- What operators did and looked at; written beforehand, so that nothing is seen unlogged.
CREATE TABLE platform.operator_log (
    id uuid PRIMARY KEY,
    operator_id uuid NOT NULL REFERENCES platform.account (id),
    operation text NOT NULL,
    subject_id uuid,
    at timestamptz NOT NULL
);

GRANT USAGE ON SCHEMA platform TO kd_app, kd_provisioner;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA platform TO kd_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA platform TO kd_app;
REVOKE UPDATE, DELETE ON platform.operator_log, platform.application_event, platform.school_event, platform.terms_acceptance FROM kd_app;
