import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { expect, test } from 'vitest'
import { ackCommand } from '../../../src/cli/ack.ts'
import { changeCommand } from '../../../src/cli/change.ts'
import type { CommandEvent } from '../../../src/cli/command-audit.ts'
import { escalateCommand } from '../../../src/cli/escalate.ts'
import { labelCommand } from '../../../src/cli/label.ts'
import { silenceCommand } from '../../../src/cli/silence.ts'
import { silenceJson } from '../../../src/operator/silence-json.ts'
import { configuredRoutesOf } from '../../../src/run/assembly/routes.ts'
import { epoch, escalationOf, incidentOf } from '../../support/alerts.ts'
import { configOf, incidentId } from '../../support/inbound.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const hook = 'https://hooks.slack.com/services/T0/B0/planted'

/** A command line with a store of one open incident; what it complains of is given, too. */
async function commandLine() {
  const store = createMemoryStore()
  await store.insertIncidents([incidentOf({ id: incidentId, severity: 'high' })])
  const clock = createManualClock(epoch)
  const said: string[] = []
  const events: (CommandEvent & { pipeline: string })[] = []
  const deps = {
    open: async () => store,
    pipeline: () => 'shop',
    routing: async () => configuredRoutesOf(configOf(undefined, { SLACK_WEBHOOK_URL: hook })).routingOf(),
    user: () => 'ann',
    audit: async (_store: unknown, pipeline: string, event: CommandEvent) =>
      void events.push({ pipeline, ...event }),
    clock,
    print: (text: string) => void said.push(text)
  }
  async function run(command: CommandUnknownOpts, args: readonly string[]): Promise<readonly string[]> {
    said.length = 0
    const write = process.stderr.write
    process.stderr.write = text => said.push(`err: ${String(text).trimEnd()}`) > 0
    try {
      await command.parseAsync(args, { from: 'user' })
    } finally {
      process.stderr.write = write
      process.exitCode = 0
    }
    return [...said]
  }
  return {
    store,
    clock,
    events,
    ack: (...args: string[]) => run(ackCommand(deps), args),
    escalate: (...args: string[]) => run(escalateCommand(deps), args),
    change: (...args: string[]) => run(changeCommand(deps), args),
    label: (...args: string[]) => run(labelCommand(deps), args),
    silence: (...args: string[]) => run(silenceCommand(deps), args)
  }
}

test('ack takes the incident of a beginning of an id on, as grave as it is', async () => {
  const { store, ack } = await commandLine()
  expect(await ack(incidentId.slice(0, 6))).toEqual(['ann acknowledged high revenue_drop of all (5b2f0c7e)'])
  await ack(incidentId, '--by', 'bob\u001b[2J')
  expect(await store.actions('shop', 0)).toMatchObject([
    { action: 'acknowledge', by: 'ann', via: 'cli', at: epoch, incidentId, severity: 'high' },
    { action: 'acknowledge', by: 'bob\\u001b[2J', via: 'cli', incidentId, severity: 'high' }
  ])
})

test('ack says why it does nothing', async () => {
  const { store, ack } = await commandLine()
  expect(await ack('5b2f0')).toEqual([
    'err: "5b2f0" is not an incident id: give the whole id or at least its first 6 characters'
  ])
  expect(await ack('ffffff')).toEqual(['err: There is no incident ffffff (cartwatch incidents lists them)'])
  const acknowledged = { by: 'bob', via: 'link', at: epoch, severity: 'high' } as const
  await store.insertIncidents([incidentOf({ id: incidentId, acknowledged })])
  expect(await ack('5b2f0c')).toEqual(['bob has already acknowledged 5b2f0c7e'])
  await store.insertIncidents([incidentOf({ id: incidentId, status: 'resolved' })])
  expect(await ack('5b2f0c')).toEqual([
    'err: The incident 5b2f0c7e is resolved: there is nothing to acknowledge'
  ])
  expect(await store.actions('shop', 0)).toEqual([])
})

test('escalate asks for the next level, and says why it does nothing', async () => {
  const { store, escalate } = await commandLine()
  const incident = incidentOf({ id: incidentId, severity: 'high' })
  const taken = [{ level: 1, at: epoch, by: null }]
  const escalation = escalationOf({ levels: 2, severity: 'high', taken })
  expect(await escalate('5b2f0c')).toEqual([
    'err: 5b2f0c7e is not escalated: no route of this incident has an escalation policy (escalate: NAME)'
  ])
  await store.insertIncidents([{ ...incident, escalation, silencedBy: 'S' }])
  expect(await escalate('5b2f0c')).toEqual([
    'err: 5b2f0c7e is not escalated: this incident is silenced: nobody is notified'
  ])
  await store.insertIncidents([{ ...incident, escalation, status: 'resolved' }])
  expect(await escalate('5b2f0c')).toEqual(['err: 5b2f0c7e is not escalated: this incident is over'])
  expect(await store.actions('shop', 0)).toEqual([])

  await store.insertIncidents([{ ...incident, escalation }])
  expect(await escalate('5b2f0c', '--by', 'bob')).toEqual([
    'bob escalated high revenue_drop of all (5b2f0c7e) to level 2 of 2'
  ])
  expect(await store.actions('shop', 0)).toMatchObject([
    { action: 'escalate', by: 'bob', via: 'cli', at: epoch, incidentId, severity: 'high', level: 2 }
  ])
  await store.insertIncidents([
    { ...incident, escalation: { ...escalation, taken: [...taken, { level: 2, at: epoch, by: 'bob' }] } }
  ])
  expect(await escalate('5b2f0c')).toEqual([
    'err: 5b2f0c7e is not escalated: the last of 2 levels was taken already'
  ])
})

test('change tells of a deploy, which is the same one with the same id', async () => {
  const { store, events, change } = await commandLine()
  const deploy = ['add', 'checkout 4.2', '--kind', 'deploy', '--id', 'job-7']
  expect(await change(...deploy, '--link', 'https://ci.example.com/7')).toEqual([
    'deploy checkout 4.2 by ann at 2026-11-21 10:00:00 UTC'
  ])
  await change(...deploy, '--by', 'ci', '--at', '2026-11-21T09:58Z')
  expect(await store.changes('shop', 0)).toEqual([
    {
      ...{ id: 'job-7', pipeline: 'shop', kind: 'deploy', what: 'checkout 4.2', by: 'ci', via: 'cli' },
      ...{ at: epoch - 120_000, link: null }
    }
  ])
  expect(events).toMatchObject([
    { action: 'change_told', actor: 'ann', subject: 'job-7', details: { kind: 'deploy' } },
    { action: 'change_told', actor: 'ci' }
  ])
  expect(await change('add', 'x', '--link', 'nowhere')).toEqual([
    'err: link is "nowhere"; expected an address such as https://ci.example.com/42'
  ])
})

test('label says what an incident was, also once it is over', async () => {
  const { store, events, label } = await commandLine()
  await store.insertIncidents([incidentOf({ id: incidentId, severity: 'high', status: 'resolved' })])
  expect(await label('5b2f0c', 'false', '--by', 'bob', '--reason', 'a test\u001b[2J')).toEqual([
    'bob marked high revenue_drop of all (5b2f0c7e) as a false alarm'
  ])
  expect(await store.actions('shop', 0)).toMatchObject([
    {
      ...{ action: 'label', by: 'bob', via: 'cli', at: epoch, incidentId, severity: 'high' },
      label: { verdict: 'false', reason: 'a test\\u001b[2J' }
    }
  ])
  expect(events).toMatchObject([
    { action: 'label', actor: 'bob', subject: incidentId, details: { label: 'false' } }
  ])
  expect(JSON.stringify(events)).not.toContain('a test')
})

test('a silence is begun, listed and ended', async () => {
  const { store, clock, silence } = await commandLine()
  const begun = await silence(
    ...['add', '--kind', 'revenue_drop', 'traffic_drop', '--severity', 'low', '--segment', 'country=*'],
    ...['--label', 'team=a', 'team=b', '--for', '2h', '--reason', 'a release']
  )
  const what = 'kind revenue_drop or traffic_drop, severity low, segment country=*, label team a or b'
  expect(begun).toEqual([expect.stringMatching(/^[0-9a-f]{8} silences /)])
  expect(begun[0]?.slice(18)).toBe(`${what} from 2026-11-21 10:00:00 until 2026-11-21 12:00:00 UTC`)
  const [action] = await store.actions('shop', 0)
  expect(action).toMatchObject({ action: 'silence', by: 'ann', via: 'cli', at: epoch })
  expect(action?.silence).toEqual({
    id: expect.any(String),
    matchers: {
      kinds: ['revenue_drop', 'traffic_drop'],
      severities: ['low'],
      segments: ['country=*'],
      pipelines: null,
      labels: { team: ['a', 'b'] }
    },
    by: 'ann',
    reason: 'a release',
    startsAt: epoch,
    endsAt: epoch + 7_200_000
  })
  const [listed] = await silence('list', '--json')
  expect(JSON.parse(listed ?? '')).toEqual(action?.silence && silenceJson(action.silence))
  expect((await silence('list'))[0]).toContain('a release')
  await clock.advance(1_000)
  const id = action?.silence?.id.slice(0, 6) ?? ''
  expect(await silence('end', id)).toEqual([
    `${action?.silence?.id.slice(0, 8)} has ended; it silenced ${what}`
  ])
  expect(await silence('list')).toEqual(['No silences.'])
  expect(await silence('end', id)).toEqual([
    `err: There is no silence ${id} (cartwatch silence list lists them)`
  ])
})

test('a silence can be for later, and without anything to match it is refused', async () => {
  const { store, silence } = await commandLine()
  const night = ['--from', '2026-11-28T20:00Z', '--until', '2026-11-28T23:00Z']
  await silence('add', '--kind', 'data_*', ...night, '--reason', 'maintenance', '--by', 'bob')
  expect((await store.actions('shop', 0)).map(({ silence: one }) => [one?.startsAt, one?.endsAt])).toEqual([
    [Date.UTC(2026, 10, 28, 20), Date.UTC(2026, 10, 28, 23)]
  ])
  const [refused] = await silence('add', '--for', '1h', '--reason', 'x')
  expect(refused).toContain('at least one of kind, severity, segment, pipeline, labels')
  const [misspelled] = await silence('add', '--kind', 'revenue_drp', '--for', '1h', '--reason', 'x')
  expect(misspelled).toContain('a kind of anomaly, or a pattern with *')
  expect(await store.actions('shop', 0)).toHaveLength(1)
})

test('a silence can be tried: what it would cover is shown, and none begins', async () => {
  const { store, silence } = await commandLine()
  const of = async (kind: string) =>
    (await silence('add', '--kind', kind, '--for', '1h', '--reason', 'x', '--dry-run')).join('\n')
  const shown = await of('revenue_*')
  expect(shown).toContain('no longer notified')
  expect(shown).toMatch(/5b2f0c7e\W+high\W+revenue_drop\W+slack/)
  expect(await of('data_loss')).toBe('It would cover no open incident.')
  expect(await store.actions('shop', 0)).toEqual([])
})
