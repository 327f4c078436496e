import type { Config } from './schema.ts'

/** Which settings give messages their buttons; undefined where they have some, or where there is no receiver. */
export function whyNoButtons({ receivers, alerting, http }: Config): string | undefined {
  const hasPage = http.publicUrl !== null && http.linkSecret !== null
  if (receivers.size === 0 || alerting.dashboardUrl !== null || hasPage || http.slackSigningSecret !== null)
    return undefined
  return 'messages have no buttons: set alerting.dashboard_url, or CARTWATCH_PUBLIC_URL and CARTWATCH_LINK_SECRET for the page of an incident'
}
