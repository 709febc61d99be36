-- Accounts in order: when a session's owner last proved who it is, recovery codes of the second factor,
-- single-use secrets for an address and for a recovery (hashes alone; the address sealed until it is confirmed),
-- and credentials that give an account that is there a new password.

ALTER TABLE platform.session ADD COLUMN proven_at timestamptz;
UPDATE platform.session SET proven_at = created_at;

CREATE TABLE platform.recovery_code (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES platform.account (id),
    hash bytea NOT NULL,
    used_at timestamptz,
    CONSTRAINT recovery_code_key UNIQUE (account_id, hash)
);

CREATE TABLE platform.account_token (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES platform.account (id),
    purpose text NOT NULL CHECK (purpose IN ('email', 'recovery')),
    hash bytea NOT NULL,
    address_sealed bytea,
    tries integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE UNIQUE INDEX account_token_one_valid ON platform.account_token (account_id, purpose) WHERE ended_at IS NULL;
CREATE INDEX account_token_by_hash ON platform.account_token (hash);

ALTER TABLE platform.account ADD COLUMN pending_totp bytea;

ALTER TABLE platform.credential ADD COLUMN account_id uuid REFERENCES platform.account (id);
ALTER TABLE platform.credential DROP CONSTRAINT credential_purpose_check;
ALTER TABLE platform.credential ADD CONSTRAINT credential_purpose_check CHECK (purpose IN ('activation', 'initial', 'reset'));
ALTER TABLE platform.credential DROP CONSTRAINT credential_check;
ALTER TABLE platform.credential ADD CONSTRAINT credential_check CHECK (
    (purpose = 'activation' AND application_id IS NOT NULL AND school_id IS NULL AND profile_id IS NULL AND account_id IS NULL)
    OR (purpose = 'initial' AND application_id IS NULL AND school_id IS NOT NULL AND profile_id IS NOT NULL AND account_id IS NULL)
    OR (purpose = 'reset' AND application_id IS NULL AND school_id IS NOT NULL AND profile_id IS NOT NULL AND account_id IS NOT NULL));

GRANT SELECT, INSERT, UPDATE, DELETE ON platform.recovery_code, platform.account_token TO kd_app;
