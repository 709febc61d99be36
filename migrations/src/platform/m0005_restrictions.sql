-- Restrictions: the provider keeps somebody out for a time, or until it is lifted (agreement, rights of the provider).
-- The nature of the violation is chosen from a list: nobody writes anything about a person here. One at a time.

CREATE TABLE platform.restriction (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES platform.account (id),
    nature text NOT NULL CHECK (nature IN ('rules', 'law', 'rights', 'automation', 'security')),
    until timestamptz,
    imposed_by uuid NOT NULL REFERENCES platform.account (id),
    imposed_at timestamptz NOT NULL,
    lifted_by uuid REFERENCES platform.account (id),
    lifted_at timestamptz,
    CONSTRAINT restriction_lifted_later CHECK (lifted_at IS NULL OR imposed_at <= lifted_at),
    CONSTRAINT restriction_by_somebody CHECK (lifted_by IS NULL OR lifted_at IS NOT NULL)
);
CREATE UNIQUE INDEX restriction_one_open ON platform.restriction (account_id) WHERE lifted_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON platform.restriction TO kd_app;
