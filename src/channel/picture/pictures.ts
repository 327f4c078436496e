import { setTimeout as after } from 'node:timers/promises'
import type { Chart } from '../../incident/chart.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { RenderOptions } from '../types.ts'

/** Why a message went without its picture; `refused` and `too_large` are the receiver's. */
export type PictureMiss = 'late' | 'failed' | 'refused' | 'too_large'

/** The pictures of the messages to one receiver. */
export interface Pictures {
  /** A PNG; null where the message has no chart, or it cannot be drawn in time. Never rejects. */
  of(notification: NotificationRecord, waits?: 'message' | 'nobody'): Promise<Buffer | null>
  missed(why: PictureMiss, answer: string): void
}

export type OnPictureMissed = (receiver: string, why: PictureMiss, answer: string) => void

/** No message waits longer for its picture. */
const withinMs = 100
/** Where the message is out already, or is a test. */
const patientMs = 10_000
/** What draws is loaded this long after a start, which does without. */
const loadAfterMs = 10_000

type Draw = (
  notification: NotificationRecord & { readonly chart: Chart },
  options: RenderOptions
) => Promise<Buffer>

/** Draws a chart once for all receivers that see it alike, and for all tries. */
export function createPictures(
  onMissed: OnPictureMissed,
  { draw = drawn, waitMs = withinMs }: { readonly draw?: Draw; readonly waitMs?: number | undefined } = {}
) {
  setTimeout(() => void load().catch(() => {}), loadAfterMs).unref()
  const made = new WeakMap<Chart, Map<string, Promise<Buffer>>>()

  function once(
    notification: NotificationRecord & { readonly chart: Chart },
    options: RenderOptions
  ): Promise<Buffer> {
    const { chart } = notification
    const alike = made.get(chart) ?? new Map<string, Promise<Buffer>>()
    made.set(chart, alike)
    const { language, timezone, currency } = options
    const look = JSON.stringify([language, timezone, currency])
    const picture = alike.get(look) ?? draw(notification, options)
    alike.set(look, picture)
    return picture
  }

  return (receiver: string, options: RenderOptions): Pictures => {
    const missed = (why: PictureMiss, answer: string) => onMissed(receiver, why, answer)
    return {
      missed,
      async of(notification, waits = 'message') {
        const { chart } = notification
        if (!chart) return null
        const stop = new AbortController()
        const isPatient = waits === 'nobody' || notification.reason.type === 'test'
        const boundMs = isPatient ? patientMs : waitMs
        const late = after(boundMs, null, { signal: stop.signal })
        try {
          const picture = await Promise.race([once({ ...notification, chart }, options), late])
          if (picture === null) missed('late', `not drawn within ${boundMs} ms`)
          return picture
        } catch (error) {
          missed('failed', messageOf(error))
          return null
        } finally {
          late.catch(() => {})
          stop.abort()
        }
      }
    }
  }
}

async function load() {
  const [{ drawChart, palette }, { pngOf }, { font }] = await Promise.all([
    import('./draw-chart.ts'),
    import('./png.ts'),
    import('./font.ts')
  ])
  font()
  return { drawChart, palette, pngOf }
}

const drawn: Draw = async (notification, options) => {
  const { drawChart, palette, pngOf } = await load()
  return await pngOf(drawChart(notification, options), palette)
}
