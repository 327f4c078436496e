-- Who did what, when and from where. Rows are only added; docs/audit.md says what their hashes cover.
CREATE TABLE IF NOT EXISTS realtime.audit
(
    chain String COMMENT 'Who wrote it: an instance, or one run of a command',
    seq UInt64 COMMENT 'Its place in the chain, from 0',
    at DateTime64(3, 'UTC'),
    pipeline LowCardinality(String),
    action LowCardinality(String),
    actor String COMMENT 'The person, as they said; empty where nobody asked for it',
    via LowCardinality(String) COMMENT 'slack, pagerduty, link, cli or api; empty where nobody asked for it',
    origin String COMMENT 'From where: an address, or user@host',
    subject String COMMENT 'What it was done to: an incident, a silence, a way in, a receiver',
    details String COMMENT 'A JSON object',
    who_salt String COMMENT 'Empty once the row is anonymised',
    who_hash String COMMENT 'Of salt, actor and origin',
    heads Array(String) COMMENT 'Last rows of other chains: hash, seq, time in ms, chain',
    previous_at DateTime64(3, 'UTC') COMMENT 'When the row before it in the chain was; its own time in the first',
    previous String COMMENT 'The hash of the row before it in the chain; empty in the first',
    hash String COMMENT 'SHA-256 of the row, in hexadecimal digits',
    anonymised UInt8 COMMENT '1 where names were replaced',
    inserted_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree(anonymised)
ORDER BY (chain, seq, hash)
TTL inserted_at + toIntervalDay(400);

ALTER TABLE realtime.actions
    ADD COLUMN IF NOT EXISTS anonymised UInt8 COMMENT '1 where names and texts were replaced';

ALTER TABLE realtime.incidents
    ADD COLUMN IF NOT EXISTS anonymised UInt8 COMMENT '1 where names and texts were replaced';

ALTER TABLE realtime.notifications
    ADD COLUMN IF NOT EXISTS anonymised UInt8 COMMENT '1 where names and texts were replaced';

ALTER TABLE realtime.service_alerts
    ADD COLUMN IF NOT EXISTS anonymised UInt8 COMMENT '1 where names and texts were replaced';

ALTER TABLE realtime.anomalies_log
    ADD COLUMN IF NOT EXISTS anonymised UInt8 COMMENT '1 where texts were replaced';
