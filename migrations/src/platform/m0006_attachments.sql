-- One account, several schools. The account to which a used credential attaches its profile is noted here until the
-- membership is written. It is a column of its own, so that what was cut is never taken for a registration, whose
-- account is closed where it leads nowhere.
ALTER TABLE platform.credential ADD COLUMN attaching_account_id uuid REFERENCES platform.account (id);
ALTER TABLE platform.credential ADD CONSTRAINT credential_one_pending CHECK (pending_account_id IS NULL OR attaching_account_id IS NULL);
CREATE INDEX credential_unattached ON platform.credential (ended_at) WHERE attaching_account_id IS NOT NULL;
