import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { visibleJson } from '../../telemetry/visible-text.ts'
import { secondMs } from '../../time/units.ts'
import { requesterOf } from '../access/requester.ts'
import { routes } from '../api/routes.ts'
import type { FeedEvent } from '../events/feed.ts'
import { headerOf, refuse, type Way } from '../inbound/context.ts'

/** Well within the time after which the port ends a connection on which nothing moves. */
const keepAliveMs = 10 * secondMs
/** The port has 64 connections, and people need some for all else. */
const mostStreams = 32
/** A reader that lags by so much is sent away: it comes back and resumes, or loads all again. */
const mostUnread = 262_144

interface Stream {
  readonly raw: ServerResponse
  /** When its session is over; null where it never is. */
  readonly expiresAt: number | null
}

/** GET /api/events: changes as they happen. */
export function addEvents(app: FastifyInstance, { shop, feed, clock }: Way): void {
  const streams = new Set<Stream>()
  let isTicking = false

  const end = (stream: Stream) => {
    streams.delete(stream)
    stream.raw.end()
  }

  feed.subscribe(event => {
    const text = textOf(event)
    for (const stream of streams) send(stream, text)
  })

  function send(stream: Stream, text: string): void {
    if (stream.raw.writableLength > mostUnread) {
      streams.delete(stream)
      stream.raw.destroy()
    } else stream.raw.write(text)
  }

  /** A standby sees no changes: whoever listens to it has to look again. */
  async function keepAlive(): Promise<void> {
    if (isTicking) return
    isTicking = true
    while (streams.size > 0) {
      await clock.sleep(keepAliveMs)
      const text = shop.live().isActive ? ': still here\n\n' : reset
      for (const stream of streams) {
        if (stream.expiresAt !== null && clock.now() >= stream.expiresAt) end(stream)
        else send(stream, text)
      }
    }
    isTicking = false
  }

  app.addHook('preClose', async () => {
    for (const stream of streams) end(stream)
  })

  app.get(routes.events.path, async (request, reply) => {
    if (streams.size >= mostStreams) return refuse(reply.header('retry-after', '10'), 503)
    const { raw } = reply
    const stream = { raw, expiresAt: requesterOf(request).expiresAt }
    reply.hijack()
    raw.on('close', () => streams.delete(stream))
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would keep events back otherwise.
      'x-accel-buffering': 'no'
    })
    const seen = headerOf(request, 'last-event-id')
    const missed = seen === undefined ? [] : feed.behind(seen)
    // An id without an event: who goes away before the first one knows where to resume.
    raw.write(`retry: 2000\nid: ${feed.lastId()}\n\n`)
    raw.write(missed === undefined ? reset : missed.map(textOf).join(''))
    streams.add(stream)
    void keepAlive()
    return reply
  })
}

const reset = 'event: reset\ndata: {}\n\n'

const textOf = ({ id, name, data }: FeedEvent): string =>
  `id: ${id}\nevent: ${name}\ndata: ${visibleJson(JSON.stringify(data))}\n\n`
