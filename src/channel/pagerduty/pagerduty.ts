import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Sender } from '../../delivery/channel.ts'
import type { PagerDutySettings } from '../../routing/receiver.ts'
import { parseJson } from '../../source/parse-json.ts'
import type { Acceptance } from '../http-result.ts'
import { rendered } from '../message/plain-fallback.ts'
import type { Own } from '../template/own.ts'
import type { HttpChannelDeps } from '../types.ts'
import { type PagerDutyEvent, pagerDutyEvent, plainPagerDutyEvent, withSource } from './event.ts'

/** Knows an integration key again without giving it away. */
const keyRef = (integrationKey: string): string =>
  createHash('sha256').update(integrationKey).digest('hex').slice(0, 12)

/** A service's Events API v2 integration. The message reference is a digest of the key that a page was opened through. */
export function createPagerDutyChannel({
  url,
  integrationKey,
  source,
  renderOptions,
  http,
  own
}: PagerDutySettings & HttpChannelDeps & { readonly own?: Own<PagerDutyEvent | null> }): Sender {
  const messageRef = keyRef(integrationKey)
  return {
    async send(notification, earlier) {
      const ours = own?.(notification)
      const standard =
        ours === undefined ? rendered(notification, renderOptions, pagerDutyEvent, plainPagerDutyEvent) : ours
      const event = standard && source !== undefined ? withSource(standard, source) : standard
      if (!event) return { kind: 'sent', answer: 'nothing is open here' }
      if (event.event_action !== 'trigger' && earlier !== null && earlier !== messageRef) {
        // PagerDuty would say yes and drop it.
        return { kind: 'refused', answer: `not sent: opened through another integration key, ${byHand}` }
      }
      const body = JSON.stringify({ routing_key: integrationKey, ...event })
      const result = await http.post({ url, body, secrets: [integrationKey] }, acceptance)
      return result.kind === 'sent' ? { ...result, messageRef } : result
    }
  }
}

/** PagerDuty says 202 `{"status":"success"}`, and in a status of another word why not. */
const acceptance: Acceptance = {
  expected: 'the success of PagerDuty',
  of({ status, text }) {
    const said = statusIn(text)
    if (said === undefined) return 'unknown'
    if (said !== 'success') return 'refused'
    return status === 202 ? 'accepted' : 'unknown'
  }
}

const event = z.object({ status: z.string() })

const statusIn = (text: string): string | undefined => event.safeParse(parseJson(text)).data?.status

const byHand = 'resolve it by hand in PagerDuty'
