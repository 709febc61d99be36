-- Passkeys: a second factor that is no code. Of each its public half is kept, and what it lies in, chosen from a
-- list: nobody writes anything of his own here. And the challenge that waits to be answered by one, with what
-- checks the answer: one of a purpose for an account, good once.

CREATE TABLE platform.passkey (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES platform.account (id),
    kind text NOT NULL CHECK (kind IN ('phone', 'computer', 'key', 'other')),
    credential_id bytea NOT NULL CONSTRAINT passkey_credential_key UNIQUE,
    public_key jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX passkey_by_account ON platform.passkey (account_id);

CREATE TABLE platform.passkey_challenge (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES platform.account (id),
    purpose text NOT NULL CHECK (purpose IN ('add', 'proof', 'sign-in')),
    asked jsonb NOT NULL,
    checks jsonb NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT passkey_challenge_one UNIQUE (account_id, purpose)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON platform.passkey, platform.passkey_challenge TO kd_app;
