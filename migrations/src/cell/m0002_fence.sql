-- Who may make or drop a school here: the highest fencing number that was seen. A worker that was paused
-- beyond its lease finds a higher one and does nothing. The row outlives the school, for the worker may too.

CREATE TABLE cell.fence (
    school_id uuid PRIMARY KEY,
    number bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON cell.fence TO kd_provisioner;
