import { alertIdOf } from '../incident/ids.ts'
import type { ServiceAlert } from '../incident/service-alert.ts'
import { type Figure, type Phrase, phrase } from '../language/phrase.ts'
import { spoken } from '../language/translator.ts'
import type { Segment } from '../window/segment.ts'
import type { SentAlert } from './format.ts'

/** What an alert says, before it is known when it is accepted and which incident it belongs to. */
export type Said = Omit<ServiceAlert, 'id' | 'pipeline' | 'at' | 'incidentId'>

/** An alert as it is kept. `nowMs`: of one without a time of its own. */
export function saidBy(alert: SentAlert, nowMs: number): Said {
  const { severity, status, timestamp: occurredAt = nowMs, details, labels, links } = alert
  return {
    ...partsOf(alert),
    ...{ kind: alert.kind, severity, status, occurredAt, labels },
    evidence: {
      ...ownFields(alert),
      ...prefixed('detail', details),
      ...prefixed('link', Object.fromEntries(links.map(({ title, url }) => [title, url])))
    }
  }
}

type DriftAlert = Extract<SentAlert, { kind: 'drift' }>

type Parts = Pick<Said, 'segment' | 'metric' | 'value' | 'expected' | 'details' | 'said'>

function partsOf(alert: SentAlert): Parts {
  switch (alert.kind) {
    case 'drift': {
      const {
        model_id,
        model_name = model_id,
        metric,
        current_value: value,
        baseline_value: expected
      } = alert
      const sentence = spoken([driftPhrase(alert, model_name)])
      return { segment: segmentOf({ model: model_id, metric }), metric, value, expected, ...sentence }
    }
    case 'policy_violation': {
      const { model_id, violation_type: violation, description: details } = alert
      return { ...counted('violations'), segment: segmentOf({ model: model_id, violation }), details }
    }
    case 'safety_event': {
      const { model_id, event_type: event, description: details } = alert
      return { ...counted('events'), segment: segmentOf({ model: model_id, event }), details }
    }
    case 'alert': {
      const { summary, description, service, component, environment, instance } = alert
      const name = alert.name ?? nameOf(summary)
      return {
        ...counted('alerts'),
        segment: segmentOf({ service, component, environment, instance, alert: name }),
        details: description === undefined ? summary : `${summary}: ${description}`
      }
    }
    default:
      throw alert satisfies never
  }
}

function driftPhrase(
  { metric, current_value, baseline_value, drift_percentage: percent, threshold }: DriftAlert,
  model: string
): Phrase {
  const says = [
    ...(percent === undefined ? [] : ['drifted']),
    ...(threshold === undefined ? [] : ['threshold'])
  ]
  const as = (value: number): Figure => ({ unit: 'as_sent', value })
  return phrase(`finding.drift.${says.join('_') || 'is'}`, {
    metric,
    model,
    value: as(current_value),
    baseline: as(baseline_value),
    ...(percent !== undefined && { percent: as(percent) }),
    ...(threshold !== undefined && { threshold: as(threshold) })
  })
}

const counted = (metric: string) => ({ metric, value: 1, expected: 0 })

/** Fields that a message shows by their own names; lists and pairs become entries of their own. */
function ownFields(alert: SentAlert): Said['evidence'] {
  switch (alert.kind) {
    case 'drift': {
      const { model_id, model_name = model_id, metric, current_value, baseline_value } = alert
      const { threshold = null, drift_percentage = null } = alert
      return { model_id, model_name, metric, current_value, baseline_value, threshold, drift_percentage }
    }
    case 'policy_violation': {
      const { model_id, model_name = model_id, violation_type, affected_groups } = alert
      return { model_id, model_name, violation_type, affected_groups: affected_groups.join(', ') }
    }
    case 'safety_event':
      return {
        model_id: alert.model_id,
        event_type: alert.event_type,
        ...prefixed('metadata', alert.metadata)
      }
    case 'alert': {
      const { service = null, component = null, environment = null, instance = null } = alert
      const actions = Object.fromEntries(alert.quick_actions.map(({ title, url }) => [title, url]))
      return {
        ...{ summary: alert.summary, service, component, environment, instance },
        duration: alert.duration ?? null,
        ...prefixed('metrics', alert.metrics),
        ...prefixed('link', actions)
      }
    }
    default:
      throw alert satisfies never
  }
}

const prefixed = (prefix: string, pairs: Said['evidence']): Said['evidence'] =>
  Object.fromEntries(Object.entries(pairs).map(([name, value]) => [`${prefix}.${name}`, value]))

function segmentOf(dimensions: Readonly<Record<string, string | undefined>>): Segment {
  const parts = Object.entries(dimensions).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`]
  )
  return parts.join(' × ') as Segment
}

/** A summary as a name, of the characters that ids have. */
const nameOf = (summary: string): string =>
  summary
    .replace(/[^\w.:/-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 128) || 'alert'

/** The id of the incident that an alert opens. */
export const openedBy = (
  pipeline: string,
  { kind, segment }: Pick<Said, 'kind' | 'segment'>,
  at: number
): string => alertIdOf(pipeline, kind, segment, at)
