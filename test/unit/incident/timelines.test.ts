import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPages } from '../../../src/demo/inbox/pagerduty-rules.ts'
import { minuteMs } from '../../support/alerts.ts'
import { levelAfter, play } from '../../support/timeline.ts'
import { tries } from '../../support/tries.ts'

const states = ['none', 'open', 'acknowledged', 'silenced', 'inhibited', 'flapping', 'resolved'] as const
const events = [
  'worse',
  'better',
  'normal',
  'acknowledge',
  'silence',
  'silence ends',
  'restart',
  'receiver fails for good',
  'receiver fails for a while',
  'time interval ends'
] as const
type State = (typeof states)[number]
type Event = (typeof events)[number]
type Cell = readonly [script: string, ...messages: string[]]

const rises = [
  'slack trigger critical severity_rose',
  'pagerduty trigger critical severity_rose',
  'pagerduty resolve critical severity_rose'
]
const recovers = ['pagerduty resolve high recovered', 'slack resolve high recovered']
const acknowledges = ['slack acknowledge high acknowledged', 'pagerduty acknowledge high acknowledged']
const opens = (severity: string) => [
  `slack trigger ${severity} opened`,
  `pagerduty trigger ${severity} opened`
]
const muted = (reason: string) => [`slack muted ${reason}`, `pagerduty muted ${reason}`]
const thrice = 'h ..... h ..... h'

/** What each receiver is sent behind `|`, by the state before it and by what happens then. */
const cells: Readonly<Record<State, Partial<Record<Event, Cell>>>> = {
  none: {
    worse: ['| c', ...opens('critical')],
    normal: ['| .....'],
    acknowledge: ['| ack .'],
    silence: ['| silence .'],
    'silence ends': ['silence . | unsilence .'],
    restart: ['. | restart .'],
    'time interval ends': ['| dusk']
  },
  open: {
    worse: ['h | c', ...rises],
    better: ['h | m'],
    normal: ['h | .....', ...recovers],
    acknowledge: ['h | ack h', ...acknowledges],
    silence: ['h | silence h', 'pagerduty resolve high silenced'],
    'silence ends': ['h silence | unsilence h', 'pagerduty trigger high silence_ended'],
    restart: ['h | restart h'],
    'receiver fails for good': [
      'slack=gone | h h',
      'pagerduty trigger high opened',
      'night trigger high refused_elsewhere:slack'
    ],
    'receiver fails for a while': [
      'slack=down | h h slack=ok h',
      'pagerduty trigger high opened',
      'slack trigger high opened'
    ],
    'time interval ends': ['h | dusk', 'night trigger high route_changed']
  },
  acknowledged: {
    worse: ['h ack | c', ...rises],
    better: ['h ack | m'],
    normal: ['h ack | .....', ...recovers],
    acknowledge: ['h ack | ack h'],
    silence: ['h ack | silence h', 'pagerduty resolve high silenced'],
    'silence ends': ['h ack silence | unsilence h'],
    restart: ['h ack | restart h'],
    'receiver fails for good': [
      'h slack=gone | ack h',
      'pagerduty acknowledge high acknowledged',
      'night acknowledge high refused_elsewhere:slack'
    ],
    'receiver fails for a while': [
      'h slack=down | ack h slack=ok h',
      'pagerduty acknowledge high acknowledged',
      'slack acknowledge high acknowledged'
    ],
    'time interval ends': ['h ack | dusk']
  },
  silenced: {
    worse: ['silence h | c'],
    better: ['silence h | m'],
    normal: ['silence h | .....'],
    acknowledge: ['silence h | ack h'],
    silence: ['silence h | silence h'],
    'silence ends': [
      'silence h | unsilence h',
      'slack trigger high silence_ended',
      'pagerduty trigger high silence_ended'
    ],
    restart: ['silence h | restart h'],
    'time interval ends': ['silence h | dusk', 'night muted silenced:S']
  },
  inhibited: {
    worse: ['h/h | c/h'],
    better: ['h/h | m/h'],
    normal: ['h/h | ./. ./. ./. ./. ./.', ...recovers],
    acknowledge: ['h/h | ack h/h'],
    silence: ['h/h | silence h/h', ...muted('silenced:S')],
    'silence ends': ['h/h silence | unsilence h/h', ...muted('explained_by:traffic_drop')],
    restart: ['h/h | restart h/h'],
    // They are notified of the incident that inhibits it.
    'receiver fails for good': [
      'slack=gone | h/h h/h',
      ...muted('explained_by:traffic_drop'),
      'pagerduty trigger high opened',
      'night trigger high refused_elsewhere:slack'
    ],
    'receiver fails for a while': [
      'slack=down | h/h h/h slack=ok h/h',
      ...muted('explained_by:traffic_drop'),
      'pagerduty trigger high opened',
      'slack trigger high opened'
    ],
    'time interval ends': [
      'h/h | dusk',
      'night muted explained_by:traffic_drop',
      'night trigger high route_changed'
    ]
  },
  flapping: {
    worse: [`${thrice} | c`, ...rises],
    better: [`${thrice} | m`],
    normal: [`${thrice} | ..............`],
    acknowledge: [`${thrice} | ack h`, ...acknowledges],
    silence: [`${thrice} | silence h`, 'pagerduty resolve high silenced'],
    'silence ends': [`${thrice} silence | unsilence h`, 'pagerduty trigger high silence_ended'],
    restart: [`${thrice} | restart h`],
    'receiver fails for good': [
      'h ..... h ..... slack=gone | h h',
      'pagerduty trigger high opened',
      'night trigger high refused_elsewhere:slack'
    ],
    'receiver fails for a while': [
      'h ..... h ..... slack=down | h h slack=ok h',
      'pagerduty trigger high opened',
      'slack trigger high flapping'
    ],
    'time interval ends': [`${thrice} | dusk`, 'night trigger high flapping']
  },
  resolved: {
    worse: ['h ..... | c', ...opens('critical')],
    better: ['h ..... | m', 'pagerduty trigger medium opened'],
    normal: ['h ..... | .....'],
    acknowledge: ['h ..... | ack .'],
    silence: ['h ..... | silence .'],
    'silence ends': ['h ..... silence | unsilence .'],
    restart: ['h ..... | restart .'],
    'receiver fails for good': [
      'h slack=gone | ..... .',
      'pagerduty resolve high recovered',
      'night resolve high refused_elsewhere:slack'
    ],
    'receiver fails for a while': ['h slack=down | ..... . slack=ok .', ...recovers],
    'time interval ends': ['h ..... | dusk']
  }
}

/** Without a severity none can fall, and a receiver that is sent nothing cannot fail. */
const unreachable: readonly (readonly [State, Event])[] = [
  ['none', 'better'],
  ['none', 'receiver fails for good'],
  ['none', 'receiver fails for a while'],
  ['silenced', 'receiver fails for good'],
  ['silenced', 'receiver fails for a while']
]

const flapping = { openings: 3, withinWindows: 60 }
const played = states.flatMap(state =>
  Object.entries(cells[state]).map(([event, [script, ...messages]]) => ({
    state,
    event,
    script,
    messages
  }))
)

describe('an incident', () => {
  test.each(played)('$state, then $event: $script', async ({ script, messages }) => {
    expect(await play(script, { flapping })).toEqual(messages)
  })

  test('is covered in every state by everything that can happen', () => {
    const covered = [
      ...played.map(({ state, event }) => `${state}, ${event}`),
      ...unreachable.map(pair => pair.join(', '))
    ]
    expect(covered.toSorted()).toEqual(
      states.flatMap(state => events.map(event => `${state}, ${event}`)).toSorted()
    )
  })

  test.each([['silence h h c ..... h']])('%s sends nothing that could fail', async script => {
    expect((await play(script)).filter(line => !line.includes('muted'))).toEqual([])
  })
})

describe('a reminder', () => {
  const remindAfterMs = 10 * minuteMs

  test.each<Cell>([
    ['h | hhhhhhhhhhhhhhhhhhhhhhhhh', 'slack trigger high reminder', 'slack trigger high reminder'],
    ['h | hhhhhhhhhhc', 'slack trigger high reminder', ...rises],
    ['h | ack hhhhhhhhhhhhhhhhhhhh', ...acknowledges],
    ['h ack | hhhhhc hhhhhhhhhhhh', ...rises, 'slack trigger critical reminder'],
    ['h | hhhhhhhhhh restart hhhhhhhhh', 'slack trigger high reminder'],
    [
      'h silence | hhhhhhhhhhhhhhh unsilence h',
      'slack trigger high reminder',
      'pagerduty trigger high silence_ended'
    ],
    ['h | .....hhhhhhhhhh', ...recovers, 'pagerduty trigger high opened', 'slack trigger high reminder']
  ])('%s', async (script, ...messages) => {
    expect(await play(script, { remindAfterMs })).toEqual(messages)
  })
})

describe('a restart, or a crash before incidents are stored', () => {
  const steps = fc.array(
    fc.tuple(
      fc.constantFrom(
        ...['h', 'h', 'c', 'm', '.', '.....', '?', 'h/h', 'm/.', 'm/c'],
        ...['ack', 'escalate', 'silence', 'unsilence']
      ),
      fc.constantFrom('', '', '', 'restart', '!')
    ),
    { minLength: 1, maxLength: 30 }
  )
  const isSign = (step: string) => /^[hcm.?/]{1,3}$/.test(step)
  /** What channels took, and the pages: each key that was opened, and the incidents of those that are open. */
  async function outcome(script: string, more: Parameters<typeof play>[1]) {
    const pages = { pagerduty: createPages(), 'lead-pagerduty': createPages() }
    const rules = { flapping, remindAfterMs: 10 * minuteMs, ...more }
    const lines = await play(script, rules, ({ receiver, action, dedupKey }) => {
      if (receiver in pages) pages[receiver as keyof typeof pages].apply('key', action, dedupKey ?? '')
    })
    const openIn = (of: ReturnType<typeof createPages>) =>
      of.all().flatMap(({ status, dedupKey }) => (status === 'open' ? [dedupKey.replace(/-\d+$/, '')] : []))
    return {
      lines: lines.filter(line => !/^\S*pagerduty| muted /.test(line)).toSorted(),
      all: Object.values(pages).flatMap(of => of.all()),
      open: openIn(pages.pagerduty).toSorted(),
      ofLevel: openIn(pages['lead-pagerduty'])
    }
  }

  /** Traffic's second level is due while its page waits for a window; what it inhibits must not go a level further. */
  const signs = ['m/c', 'm/c', 'h', 'h', 'escalate', 'escalate', 'm/c', 'h', 'h']
  const waitingPageOfInhibitor = signs.map((step, index): [string, string] => [step, index === 6 ? '!' : ''])

  const levels = [levelAfter(2, 'lead'), levelAfter(5, 'lead-pagerduty'), levelAfter(6, 'slack')]
  test.each([
    ['one alert an incident', { groupWithinMs: null }],
    ['alerts of one cause in one incident', { groupWithinMs: 15 * minuteMs }],
    ['escalations', { groupWithinMs: null, levels }],
    ['escalations of incidents of several alerts', { groupWithinMs: 15 * minuteMs, levels }]
  ])(
    'changes nothing of what channels are sent and of which page is open, and opens none twice: %s',
    async (_, more) => {
      const property = fc.asyncProperty(steps, async all => {
        const cut = all.map(([step, then]) => {
          if (then === '!') return isSign(step) ? `${step}!` : step
          return `${step} ${then}`
        })
        // A page may wait for the first window after a restart; it is not needed once somebody has acknowledged the incident.
        const ending = ['m', 'm', 'm']
        const whole = await outcome([...all.map(([step]) => step), ...ending].join(' '), more)
        const restarted = await outcome([...cut, ...ending].join(' '), more)
        expect(restarted.lines).toEqual(whole.lines)
        expect(restarted.open).toEqual(whole.open)
        // One of a level may have to wait until the incident is clearing, when it is no longer needed.
        expect(whole.ofLevel).toEqual(expect.arrayContaining(restarted.ofLevel))
        expect(restarted.all.filter(({ opened }) => opened > 1)).toEqual([])
      })
      await fc.assert(property, { numRuns: tries(200), examples: [[waitingPageOfInhibitor]] })
    }
  )
})
