-- The way of every initial credential: by paper or by letter, and each step of it with who and when. The
-- history only grows; what nobody did (the time that ran out, tries that were spent) has no `done_by`.

ALTER TABLE handout DROP CONSTRAINT handout_state_check;
ALTER TABLE handout ADD CONSTRAINT handout_state_known
    CHECK (state IN ('issued', 'printed', 'mailed', 'handed_over', 'activated', 'expired', 'revoked'));

CREATE TABLE handout_event (
    id uuid PRIMARY KEY,
    profile_id uuid NOT NULL REFERENCES profile (id),
    credential_id uuid NOT NULL,
    before text CONSTRAINT handout_event_before_known
        CHECK (before IN ('issued', 'printed', 'mailed', 'handed_over', 'activated', 'expired', 'revoked')),
    after text NOT NULL CONSTRAINT handout_event_after_known
        CHECK (after IN ('issued', 'printed', 'mailed', 'handed_over', 'activated', 'expired', 'revoked')),
    sheet_id uuid,
    done_by uuid,
    at timestamptz NOT NULL
);
CREATE INDEX handout_event_by_person ON handout_event (profile_id, at, id);

-- A sheet is of a class, of a parallel (all classes of a grade), of people, or of the school; it goes out on
-- paper or as letters.
ALTER TABLE sheet ADD COLUMN grade integer CONSTRAINT sheet_grade_known CHECK (grade BETWEEN 0 AND 12);
ALTER TABLE sheet ADD COLUMN medium text NOT NULL DEFAULT 'paper'
    CONSTRAINT sheet_medium_known CHECK (medium IN ('paper', 'letter'));
ALTER TABLE sheet DROP CONSTRAINT sheet_state_check;
ALTER TABLE sheet ADD CONSTRAINT sheet_state_known
    CHECK (state IN ('queued', 'running', 'ready', 'fetched', 'failed', 'expired', 'mailed'));
