-- What a line of the audit is about, beyond the operation: the person's or the thing's row, and what of it
-- changed, in the room's own short words. Old lines have none.

ALTER TABLE audit ADD COLUMN detail jsonb;
CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_subject ON audit (subject_id) WHERE subject_id IS NOT NULL;
