import type { WriteLine } from '../record.ts'
import type { Step } from '../step.ts'
import { isoTimes } from '../times.ts'

const pages: Partial<Record<Step['type'], string>> = {
  page_view: '/',
  search: '/search',
  product_view: '/products/'
}

/** What PostHog's snippet sends from a shop that added nothing to it: a `$pageview` for each page. */
export function posthogLines(seed: number): WriteLine {
  const name = (seed >>> 0).toString(36)
  const isoTime = isoTimes()
  let count = 0
  return function writeLine(identity, step, eventTime) {
    const page = pages[step.type]
    if (page === undefined) return undefined
    count += 1
    return JSON.stringify({
      uuid: `h-${name}-${count.toString(36)}`,
      event: '$pageview',
      distinct_id: identity.userId ?? identity.sessionId,
      timestamp: isoTime(eventTime),
      properties: {
        $session_id: identity.sessionId,
        $current_url: `https://shop.example${page}${step.product?.id ?? ''}`,
        $device_type: identity.device,
        $geoip_country_code: identity.country
      }
    })
  }
}
