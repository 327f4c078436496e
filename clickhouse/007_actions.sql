-- Who took an incident on, what it cost so far, and how a message was delivered.
ALTER TABLE realtime.incidents
    ADD COLUMN IF NOT EXISTS acknowledged_by Nullable(String) AFTER resolved_at,
    ADD COLUMN IF NOT EXISTS acknowledged_at Nullable(DateTime64(3, 'UTC')) AFTER acknowledged_by,
    ADD COLUMN IF NOT EXISTS peak_value Nullable(Float64) AFTER anomalies,
    ADD COLUMN IF NOT EXISTS peak_expected Nullable(Float64) AFTER peak_value,
    ADD COLUMN IF NOT EXISTS loss Nullable(Float64) AFTER peak_expected,
    ADD COLUMN IF NOT EXISTS explained_by Array(String) AFTER loss,
    ADD COLUMN IF NOT EXISTS flapping UInt8 AFTER explained_by;

ALTER TABLE realtime.notifications
    ADD COLUMN IF NOT EXISTS latency_ms Nullable(UInt64) AFTER answer,
    ADD COLUMN IF NOT EXISTS request_id Nullable(String) AFTER latency_ms;

-- What people did: acknowledgements, silences, and their ends.
CREATE TABLE IF NOT EXISTS realtime.actions
(
    id String,
    pipeline LowCardinality(String),
    action LowCardinality(String),
    at DateTime64(3, 'UTC'),
    by String,
    via LowCardinality(String),
    incident_id Nullable(String),
    silence_id Nullable(String),
    silence_ends_at Nullable(DateTime64(3, 'UTC')),
    reason String COMMENT 'Of a silence',
    state String COMMENT 'The whole record, a JSON object: what cartwatch reads back' CODEC(ZSTD),
    inserted_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (pipeline, id)
TTL inserted_at + toIntervalDay(90);
