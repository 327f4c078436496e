-- Deploys, campaigns and other changes, as people and programs told of them; of several of one id the last one counts.
CREATE TABLE IF NOT EXISTS realtime.changes
(
    id String,
    pipeline LowCardinality(String),
    at DateTime64(3, 'UTC') COMMENT 'When it took effect',
    kind LowCardinality(String) COMMENT 'deploy, campaign or other',
    what String,
    by String,
    via LowCardinality(String),
    link Nullable(String),
    anonymised UInt8 COMMENT '1 where names were replaced',
    inserted_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (pipeline, id)
TTL inserted_at + toIntervalDay(90);
