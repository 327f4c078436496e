import { expect, test } from 'vitest'
import type { OperatorAction, Silence } from '../../../src/incident/types.ts'
import { acknowledgement, nameOf, silenceEnding, silencing } from '../../../src/operator/actions.ts'
import { createOperating, silencesOf } from '../../../src/operator/operator.ts'
import { epoch, incidentOf } from '../../support/alerts.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const asked = { by: 'ann', via: 'api', at: epoch } as const
const matchers = { kinds: ['data_loss'], severities: null, segments: null, pipelines: null, labels: {} }
const hour = { matchers, reason: 'x', startsAt: epoch, endsAt: epoch + 3_600_000 }
const silenceOf = (action: OperatorAction) => action.silence as Silence

test('what is asked again is the same action, and anything else is another', () => {
  const incident = incidentOf({ id: 'i1' })
  const first = acknowledgement(incident, 'high', asked)
  expect(acknowledgement(incident, 'high', { ...asked, at: epoch + 1 }).id).toBe(first.id)
  const others = [
    acknowledgement(incident, 'critical', asked),
    acknowledgement(incident, 'high', { ...asked, by: 'bob' }),
    acknowledgement(incident, 'high', { ...asked, via: 'cli' }),
    acknowledgement({ ...incident, id: 'i2' }, 'high', asked)
  ]
  expect(new Set([first, ...others].map(({ id }) => id)).size).toBe(5)
})

test('a silence that was ended is over then, in whatever order its actions are read', () => {
  const begun = silencing('shop', hour, asked)
  const ended = silenceEnding('shop', silenceOf(begun), { ...asked, at: epoch + 60_000 })
  for (const actions of [
    [begun, ended],
    [ended, begun]
  ]) {
    expect(silencesOf(actions, epoch + 59_999)).toEqual([{ ...silenceOf(begun), endsAt: epoch + 60_000 }])
    expect(silencesOf(actions, epoch + 60_000)).toEqual([])
  }
})

test('silences are given in the order of their end, those still to begin as well', () => {
  const later = silencing('shop', { ...hour, startsAt: epoch + 1_000, endsAt: epoch + 2_000 }, asked)
  const actions = [silencing('shop', hour, asked), later]
  expect(silencesOf(actions, epoch).map(({ endsAt }) => endsAt)).toEqual([epoch + 2_000, epoch + 3_600_000])
})

test('an action is handed on once it is stored, and not where it could not be', async () => {
  const store = createMemoryStore()
  const told: OperatorAction[] = []
  const onStored = (action: OperatorAction) => void told.push(action)
  const operating = createOperating({ pipeline: 'shop', store, now: () => epoch, onStored })
  const action = acknowledgement(incidentOf(), 'high', asked)
  store.isDown = true
  await expect(operating.act(action)).rejects.toMatchObject({ code: 'UNREACHABLE' })
  expect(told).toEqual([])
  store.isDown = false
  await operating.act(action)
  expect(told).toEqual([action])
  expect(await store.actions('shop', 0)).toEqual([action])
})

test('an incident is found by six characters of its id, not by fewer nor by a pattern', async () => {
  const store = createMemoryStore()
  await store.insertIncidents([
    incidentOf({ id: 'abcdef01' }),
    incidentOf({ id: 'abcdef02', kind: 'data_loss' })
  ])
  const operating = createOperating({ pipeline: 'shop', store, now: () => epoch })
  const found = async (id: string) => (await operating.matching(id)).map(incident => incident.id)
  expect(await found('abcdef01')).toEqual(['abcdef01'])
  expect((await found('abcdef')).toSorted()).toEqual(['abcdef01', 'abcdef02'])
  expect([...(await found('abcde')), ...(await found('%%%%%%')), ...(await found(''))]).toEqual([])
})

test('a name is kept on one line and at a bounded length, no character split', () => {
  expect(nameOf('  ann\n', 'x')).toBe('ann')
  expect(nameOf(' ', 'somebody')).toBe('somebody')
  expect(nameOf('a\nb', 'x')).toBe('a\\u000ab')
  const long = nameOf(`${'a'.repeat(98)}😀${'b'.repeat(50)}`, 'x')
  expect([long.length, long.isWellFormed()]).toEqual([100, true])
})
