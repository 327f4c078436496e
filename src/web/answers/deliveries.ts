import type { FastifyInstance } from 'fastify'
import { whyText } from '../../explain/why.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { viewOfNotification } from '../../store/tables/notifications.ts'
import type { DeliveryAnswer } from '../api/deliveries.ts'
import { routes } from '../api/routes.ts'
import { refuse, type Way } from '../inbound/context.ts'
import { cursorBehind, placeOfCursor } from './cursor.ts'
import { badRequest, serve } from './serve.ts'

/** GET /api/deliveries: every notification with its outcome and its reason. */
export function addDeliveries(app: FastifyInstance, way: Way): void {
  const { operating, shop } = way

  serve(app, way, routes.deliveries, async ({ query, reply }) => {
    const { incident: prefix, receiver, outcome, since, limit, cursor } = query
    const place = placeOfCursor(cursor)
    if (place === null) return badRequest(reply, 'cursor is not one of ours')
    const [incident, ...others] = prefix === undefined ? [] : await operating.matching(prefix)
    if (prefix !== undefined && (incident === undefined || others.length > 0)) return refuse(reply, 404)
    const found = await shop.store.findNotifications({
      ...{ pipeline: operating.pipeline, incidentId: incident?.id, receiver, outcome, limit },
      sinceMs: since === undefined ? undefined : Date.parse(since),
      ...(place && { behind: { decidedAt: place[0], id: place[1] } })
    })
    const last = found.at(-1)
    return {
      deliveries: found.map(viewOf),
      next_cursor: cursorBehind(last && [last.decidedAt, last.id], found.length, limit)
    }
  })
}

/** Of a silence and an inhibitor there is the name alone: their incident's page says more. */
const nothingMore = { silences: new Map(), inhibitors: new Map() }

const viewOf = (record: NotificationRecord): DeliveryAnswer => ({
  ...(viewOfNotification(record) as Omit<DeliveryAnswer, 'reason_text'>),
  reason_text: whyText(record, nothingMore)
})
