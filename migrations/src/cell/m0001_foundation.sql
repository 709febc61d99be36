-- A cell: the queue of its schools' jobs. A school enqueues by a function that stamps who it is;
-- what a payload claims does not count.

CREATE TABLE cell.job (
    id uuid PRIMARY KEY,
    school_role text NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    fence bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    next_try_at timestamptz NOT NULL,
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX job_waiting ON cell.job (next_try_at) WHERE state = 'queued';

CREATE FUNCTION cell.enqueue(job_id uuid, job_kind text, job_payload jsonb, due timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    caller text := pg_catalog.current_setting('role');
BEGIN
    IF caller !~ '^s_[0-9a-f]{32}$' THEN
        RAISE EXCEPTION 'only a school may enqueue' USING ERRCODE = '42501';
    END IF;
    INSERT INTO cell.job (id, school_role, kind, payload, next_try_at)
        VALUES (job_id, caller, job_kind, job_payload, due);
END $$;

REVOKE ALL ON FUNCTION cell.enqueue(uuid, text, jsonb, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cell.enqueue(uuid, text, jsonb, timestamptz) TO kd_school;
GRANT USAGE ON SCHEMA cell TO kd_school, kd_app, kd_provisioner;
GRANT SELECT, UPDATE, DELETE ON cell.job TO kd_app;
