-- Registration touches the platform's database and a cell's. The account that a used credential made is
-- noted here until the membership is written; what is still noted after a while was cut, and is mended.
ALTER TABLE platform.credential ADD COLUMN pending_account_id uuid REFERENCES platform.account (id);
CREATE INDEX credential_unfinished ON platform.credential (ended_at) WHERE pending_account_id IS NOT NULL;
CREATE INDEX session_by_credential ON platform.session (credential_id) WHERE ended_at IS NULL;
