import { catalogueProblems } from '../language/problems.ts'
import { type Note, noteOf } from './rules/note.ts'
import type { Config } from './schema.ts'

/** What a valid configuration leaves out that people may miss: that nobody is notified, or that messages have no buttons. */
export const configNotes = (config: Config): readonly string[] => omissions(config).map(({ text }) => text)

/** The same with their rules. */
export function omissions(config: Config): readonly Note[] {
  const silent = whySilent(config)
  const buttonless = whyNoButtons(config)
  return [
    ...(silent === undefined ? [] : [noteOf('nobody-notified', silent)]),
    ...(buttonless === undefined ? [] : [noteOf('no-buttons', buttonless)])
  ]
}

/** Why nobody will be notified; undefined if somebody will. */
function whySilent({ alerts, receivers }: Config): string | undefined {
  if (!alerts) return 'alerts: off: anomalies are stored and logged, and nobody is notified'
  if (receivers.size > 0) return undefined
  return 'there is no receiver: anomalies are stored and logged, and nobody is notified; set SLACK_WEBHOOK_URL to add one'
}

/** Which settings give messages their buttons; undefined where they have some, or where there is no receiver. */
function whyNoButtons({ receivers, alerting, http }: Config): string | undefined {
  const hasPage = http.publicUrl !== null && http.linkSecret !== null
  if (receivers.size === 0 || alerting.dashboardUrl !== null || hasPage || http.slackSigningSecret !== null)
    return undefined
  return 'messages have no buttons: set alerting.dashboard_url, or CARTWATCH_PUBLIC_URL and CARTWATCH_LINK_SECRET for the page of an incident'
}

/** What messages in other languages lack. Only asked where somebody checks: each text is compiled. */
export const catalogueNotes = (problems = catalogueProblems()): readonly Note[] =>
  problems.map(({ place, line, key, message }) => ({
    rule: 'broken-catalogue',
    place: `${place}:${line}`,
    path: key,
    text: `${place}:${line}: ${key} ${message}`
  }))
