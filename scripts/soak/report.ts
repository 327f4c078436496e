import Table from 'cli-table3'
import { linearRegression, max } from 'simple-statistics'
import type { Sample } from './sampler.ts'
import type { NotificationsVerdict, ValuesVerdict } from './verify.ts'

export interface Outcome {
  readonly samples: readonly Sample[]
  readonly warmUpS: number
  /** How often each fault was done. */
  readonly faults: ReadonlyMap<string, number>
  readonly values: ValuesVerdict
  readonly notifications: NotificationsVerdict
  /** Instances that ended unasked, and waits that had no end. */
  readonly failures: readonly string[]
}

/** What the run came to, as tables. */
export function reportOf({ samples, warmUpS, faults, values, notifications, failures }: Outcome): string {
  const behind = samples.filter(({ seconds }) => seconds >= warmUpS)
  const measured = table(['after the warm-up', 'start', 'end', 'peak', 'an hour'])
  const row = (name: string, of: (sample: Sample) => number | undefined) => {
    const points = behind.flatMap(sample => {
      const value = of(sample)
      return value === undefined ? [] : [[sample.seconds / 3_600, value] as [number, number]]
    })
    if (points.length < 2) return
    const own = points.map(([, value]) => value)
    const slope = linearRegression(points).m
    measured.push([
      name,
      ...[own[0], own.at(-1), max(own)].map(whole),
      `${slope >= 0 ? '+' : ''}${slope.toFixed(1)}`
    ])
  }
  row('memory of the instance that stays, MB', ({ instances }) => instances.steady.rssMb)
  row('its heap in use, MB', ({ instances }) => instances.steady.heapMb)
  row('its file handles', ({ instances }) => instances.steady.handles)
  row('memory of the instance that is ended, MB', ({ instances }) => instances.mortal.rssMb)
  row('memory of the ClickHouse engine, MB', ({ engineMb }) => engineMb)
  row('its file handles', ({ engineHandles }) => engineHandles)
  const delays = behind.flatMap(({ instances }) => [
    instances.steady.loopP99Ms ?? 0,
    instances.mortal.loopP99Ms ?? 0
  ])
  const counted = table(['', ''])
  counted.push(
    ['event-loop delay, 99th percentile of 5 s, at most', `${whole(max([0, ...delays]))} ms`],
    ['records behind, at most', whole(max([0, ...samples.flatMap(({ lag }) => lag ?? [])]))],
    [
      'windows that waited for the store, at most',
      whole(max([0, ...samples.flatMap(({ waiting }) => waiting ?? [])]))
    ],
    ['records produced', whole(values.records)],
    ['windows compared, and values in them', `${whole(values.windows)}, ${whole(values.values)}`],
    ['windows wrong', whole(values.wrong.length)],
    ['notifications decided', whole(notifications.decided)],
    ['notifications lost', whole(notifications.lost.length)],
    ['PagerDuty keys opened twice', whole(notifications.pagesOpenedTwice)],
    ['Slack messages doubled', whole(notifications.slackDoubled)],
    ['instances that ended unasked', whole(failures.length)]
  )
  const done = table(['fault', 'times'])
  done.push(...[...faults].map(([name, times]): [string, number] => [name, times]))
  return [measured, counted, done].map(String).join('\n\n')
}

/** Slack alone may have a message twice: where a process died between sending it and recording that. */
export const isRight = ({ values, notifications, failures }: Outcome): boolean =>
  values.wrong.length + notifications.lost.length + notifications.pagesOpenedTwice + failures.length === 0

const whole = (value: number | undefined) => Math.round(value ?? 0).toLocaleString('en')

const table = (head: string[]) =>
  new Table({
    head,
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'right']
  })
