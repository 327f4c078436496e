import { depthAt, type Incident } from './incident.ts'
import { integer, uniformOf } from './random.ts'
import type { ShopRecord } from './record.ts'
import { type ChangedField, changedFields } from './segment.ts'

const secondMs = 1_000
const minuteMs = 60_000

/** What happens to a record on its way into the stream: it may change, come late, or come twice. */
export function delivery(
  seed: number,
  incidents: readonly Incident[],
  currency: string
): (record: ShopRecord) => readonly ShopRecord[] {
  const uniform = uniformOf(seed, 'delivery')
  const chance = (share: number) => share > 0 && uniform() < share
  return function deliver(sent) {
    let record = sent
    const { eventTime } = sent
    for (const field of changedFields) {
      if (chance(depthAt(incidents, 'schema_change', eventTime, `field=${field}`))) {
        record = { ...record, line: changed(record.line, field, currency) }
      }
    }
    if (chance(depthAt(incidents, 'late_burst', eventTime))) {
      record = { ...record, arrivalMs: eventTime + integer(uniform, 5 * minuteMs, 20 * minuteMs) }
    }
    if (!chance(depthAt(incidents, 'duplicate_flood', eventTime))) return [record]
    const again = record.arrivalMs + integer(uniform, secondMs, minuteMs)
    return [record, { ...record, arrivalMs: again }]
  }
}

/** The line as a new release of the shop writes it, in any layout. */
function changed(line: string, field: ChangedField, currency: string): string {
  return JSON.stringify(changedValue(JSON.parse(line), field, currency))
}

const isPrice = (value: unknown) => typeof value === 'number' || typeof value === 'string'

function changedValue(value: unknown, field: ChangedField, currency: string): unknown {
  if (Array.isArray(value)) return value.map(item => changedValue(item, field, currency))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (field === 'price' && key === 'price' && isPrice(inner)) return [key, `${inner} ${currency}`]
      if (field === 'user_id' && (key === 'user_id' || key === 'userId')) return ['uid', inner]
      return [key, changedValue(inner, field, currency)]
    })
  )
}
