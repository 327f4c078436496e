-- How far an incident was escalated. An earlier version does not know the actions that ask for it.
ALTER TABLE realtime.incidents
    ADD COLUMN IF NOT EXISTS escalation_level UInt8 COMMENT 'The highest level that was taken at its severity, from 1; 0 where none was' AFTER acknowledged_at,
    ADD COLUMN IF NOT EXISTS escalated_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When the last level was taken' AFTER escalation_level;
