-- Incidents hold the alerts that have one probable cause.
ALTER TABLE realtime.incidents
    ADD COLUMN IF NOT EXISTS cause String COMMENT 'What has probably caused it; empty where that is its kind' AFTER segment,
    ADD COLUMN IF NOT EXISTS alert_kinds Array(String) COMMENT 'The kinds of its alerts; empty in rows of earlier versions' AFTER cause;

-- One row per alert: a run of anomalies of one kind and segment. Incidents of earlier versions are one alert each.
CREATE OR REPLACE VIEW realtime.alerts AS
SELECT
    if(JSONHas(alert, 'id'), JSONExtractString(alert, 'id'), incident_id) AS id,
    incident_id,
    pipeline,
    JSONExtractString(alert, 'kind') AS kind,
    JSONExtractString(alert, 'segment') AS segment,
    JSONExtractString(alert, 'status') AS status,
    JSONExtractString(alert, 'severity') AS severity,
    fromUnixTimestamp64Milli(JSONExtractInt(alert, 'openedAt'), 'UTC') AS opened_at,
    fromUnixTimestamp64Milli(JSONExtractInt(alert, 'lastAnomalyAt'), 'UTC') AS last_anomaly_at,
    if(
        JSONType(alert, 'resolvedAt') = 'Null',
        NULL,
        fromUnixTimestamp64Milli(JSONExtractInt(alert, 'resolvedAt'), 'UTC')
    ) AS resolved_at,
    JSONExtractUInt(alert, 'anomalies') AS anomalies,
    JSONExtract(alert, 'loss', 'Nullable(Float64)') AS loss
FROM
(
    SELECT
        id AS incident_id,
        pipeline,
        arrayJoin(if(JSONHas(state, 'alerts'), JSONExtractArrayRaw(state, 'alerts'), [state])) AS alert
    FROM realtime.incidents FINAL
);
