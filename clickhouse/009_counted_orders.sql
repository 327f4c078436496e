-- One row per window with purchases: by these, the same order is known again after a restart.
CREATE TABLE IF NOT EXISTS realtime.counted_orders
(
    pipeline LowCardinality(String),
    window_start DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    window_end DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    purchases UInt64 COMMENT 'How many of the window count and are remembered',
    fingerprints String COMMENT 'Of each, a double of eight bytes; all in base64',
    records UInt64 COMMENT 'Records counted into the window: the version, a fuller row wins',
    inserted_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree(records)
ORDER BY (pipeline, window_start)
TTL inserted_at + toIntervalDay(8);
