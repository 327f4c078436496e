import { z } from 'zod'
import { expectedOf } from '../telemetry/expected.ts'
import { wrongInput } from '../telemetry/wrong-input.ts'
import { type ReadAlert, readAlert, type SentAlert } from './format.ts'

const texts = z.record(z.string(), z.string())
const webhook = z.object({
  version: z.literal('4'),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: texts,
        annotations: texts.default({}),
        startsAt: z.iso.datetime({ offset: true }),
        generatorURL: z.string().default(''),
        fingerprint: z.string().default('')
      })
    )
    .max(1_000)
})
type Sent = z.output<typeof webhook>['alerts'][number]

export type ReadAlerts =
  | { readonly kind: 'right'; readonly alerts: readonly SentAlert[] }
  | { readonly kind: 'wrong'; readonly message: string }

/** Reads Alertmanager's webhook, version 4. Each of its alerts is one here, told apart by its fingerprint. */
export function readAlertmanager(value: unknown): ReadAlerts {
  const read = webhook.safeParse(value, { error: expectedOf })
  if (!read.success) return { kind: 'wrong', message: wrongInput(read.error, value) }
  const alerts: SentAlert[] = []
  for (const [index, sent] of read.data.alerts.entries()) {
    const one: ReadAlert = readAlert(alertOf(sent), ['alerts', index])
    if (one.kind === 'wrong') return one
    alerts.push(one.alert)
  }
  return { kind: 'right', alerts }
}

const severities = new Set(['critical', 'high', 'medium', 'low', 'warning', 'info'])

/** In the shape in which services send alerts; what would not fit there is cut. */
function alertOf({ status, labels, annotations, startsAt, generatorURL, fingerprint }: Sent) {
  const { alertname = 'alert', severity = '', service = labels['job'], instance } = labels
  const links = [
    { title: 'Source', url: generatorURL },
    { title: 'Runbook', url: annotations['runbook_url'] ?? '' }
  ]
  return {
    kind: 'alert',
    severity: severities.has(severity) ? severity : 'medium',
    status,
    timestamp: startsAt,
    summary: (annotations['summary'] ?? alertname).slice(0, 300) || alertname,
    name: [idOf(alertname), ...(fingerprint === '' ? [] : [idOf(fingerprint)])].join(':').slice(0, 128),
    ...(service !== undefined && { service: idOf(service) }),
    ...(instance !== undefined && { instance: idOf(instance) }),
    ...(annotations['description'] && { description: annotations['description'].slice(0, 2_000) }),
    labels: Object.fromEntries(
      Object.entries(labels)
        .filter(([name, text]) => /^[A-Za-z_][\w.-]{0,99}$/.test(name) && text.trim() !== '')
        .slice(0, 20)
        .map(([name, text]) => [name, text.slice(0, 200)])
    ),
    links: links.filter(({ url }) => /^https?:\/\//.test(url) && URL.canParse(url) && url.length <= 2_000),
    // Alertmanager groups and repeats by its own rules.
    skip_rate_limit: true
  }
}

const idOf = (text: string): string => text.replace(/[^\w.:/-]+/g, '-').slice(0, 100) || 'unknown'
