import { Command } from '@commander-js/extra-typings'

/**
 * What `--help` shows of the commands, in this order: how each is used behind its name, and what it does. Here alone, so
 * that the list needs none of the commands.
 */
export const overview = {
  run: { usage: '[options]', summary: 'watch the stream: windows, detection, store and alerts' },
  status: { usage: '[options]', summary: 'show which instance is active, its progress and what is waiting' },
  demo: {
    usage: '[options]',
    summary: 'play a shop with five incidents and a flash sale through the whole pipeline on this machine'
  },
  replay: {
    usage: '[options] <file>',
    summary: 'run a file of events through the pipeline and print the anomalies'
  },
  backtest: {
    usage: '[options]',
    summary: 'compare what a configuration would have found and sent with what was, or with another one'
  },
  tune: {
    usage: '[options]',
    summary: 'show what other thresholds would have found on the past, and of drops put into it'
  },
  test: {
    usage: '[options] <files...>',
    summary: 'run scenarios through the configuration and check that they raise the expected incidents'
  },
  inspect: {
    usage: '[options] [files...]',
    summary: 'show how events are written in records, and the configuration that reads them'
  },
  backfill: {
    usage: '[options] [file]',
    summary: 'fill window_metrics with past events from topics or a file'
  },
  produce: {
    usage: '[options]',
    summary: 'produce the events of a simulated shop, or the usage of GPUs, with a known incident'
  },
  migrate: {
    usage: '[options]',
    summary: 'create the tables in the configured store, or bring them up to date'
  },
  'check-config': {
    usage: '[options] [file]',
    summary: 'check the configuration: file and environment together'
  },
  secrets: { usage: '', summary: 'encrypt the secrets of the configuration' },
  templates: { usage: '', summary: "check and try out messages of one's own (docs/templates.md)" },
  routes: { usage: '', summary: 'show and check where the configured routes lead' },
  anomalies: { usage: '[options]', summary: 'list anomalies, the latest first' },
  incidents: { usage: '[options]', summary: 'list incidents, the latest opened first' },
  notifications: {
    usage: '[options]',
    summary: 'list notifications with receiver and outcome, the latest decided first'
  },
  explain: {
    usage: '[options] <incident>',
    summary: 'show what happened to an incident, and why each notification was sent or not'
  },
  audit: { usage: '[options]', summary: 'list who did what, the latest first' },
  anonymise: { usage: '[options]', summary: 'replace the names of people in old rows by hashes, now' },
  report: { usage: '', summary: 'list the reports, and print or send one' },
  ack: { usage: '[options] <incident>', summary: 'acknowledge an incident at its present severity' },
  escalate: {
    usage: '[options] <incident>',
    summary: 'notify the next level of an incident’s escalation now'
  },
  label: {
    usage: '[options] <incident> <verdict>',
    summary: 'say that an incident was real, false or expected'
  },
  change: { usage: '', summary: 'tell of deploys and campaigns, which messages name, and list them' },
  quality: {
    usage: '[options]',
    summary: 'show how good the alerts were: precision by labels, pages, time to acknowledge'
  },
  silence: { usage: '', summary: 'stop the notifications of matching incidents for a while' },
  query: {
    usage: '[options] [sql]',
    summary: 'run one SQL statement on the configured store, also while an instance runs'
  },
  'test-alert': {
    usage: '[options]',
    summary: 'send a test message to a receiver, or to all, and show the answers'
  }
} as const satisfies Readonly<Record<string, { readonly usage: string; readonly summary: string }>>

export type CommandName = keyof typeof overview

export const commandNames = Object.keys(overview) as readonly CommandName[]

/** A command as the list shows it, which does nothing. */
export const listed = (name: CommandName): Command => new Command(name).description(overview[name].summary)

/** How the list names a command. */
export const listedTerm = (name: string): string =>
  name in overview ? `${name} ${overview[name as CommandName].usage}`.trimEnd() : `${name} [command]`
