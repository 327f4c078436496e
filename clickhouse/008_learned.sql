-- What was learned once of a shop and stays, such as its currency. The first row of a name counts.
CREATE TABLE IF NOT EXISTS realtime.learned
(
    pipeline LowCardinality(String),
    name LowCardinality(String) COMMENT 'currency',
    value String COMMENT 'Such as EUR',
    details String COMMENT 'A sentence for people: why',
    learned_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (pipeline, name, learned_at);
