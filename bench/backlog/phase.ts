import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { measureProcess, metricsAt, sumOf } from '../../scripts/soak/measures.ts'
import type { TestKafka } from '../../test/support/kafka-client.ts'
import type { Program } from '../../test/support/program.ts'

/** What a span of the run came to. */
export interface Phase {
  readonly seconds: number
  readonly events: number
  readonly programMb: number
  readonly engineMb: number
  readonly loopP99Ms: number
  readonly mostBehind: number
  readonly openWindows: number
  readonly waitingWindows: number
  /** Joins of the group beside the first. */
  readonly rejoins: number
}

export interface PhaseOptions {
  readonly program: Program
  readonly kafka: TestKafka
  readonly group: string
  readonly enginePid: () => number | undefined
  /** Told of each look, with what was read since the phase began. */
  readonly onLook: (events: number, lag: number) => void
}

export interface Look {
  /** Since the phase began. */
  readonly seconds: number
  readonly events: number
  readonly lag: number
}

const lookMs = 1_000

/** Looks at a program every second until it is told that the phase is over. */
export async function measurePhase(
  { program, kafka, group, enginePid, onLook }: PhaseOptions,
  isOver: (look: Look) => boolean
): Promise<Phase> {
  const begun = performance.now()
  const before = await metricsAt(await addressOf(program))
  const eventsBefore = sumOf(before ?? '', 'cartwatch_events_total') ?? 0
  const members = new Set<string>()
  const most = { loop: 0, lag: 0, open: 0, waiting: 0 }
  let events = 0
  let lag: number | undefined
  forgetPeak(program.pid)
  const engine = enginePid()
  if (engine !== undefined) forgetPeak(engine)
  for (;;) {
    program.mustRun()
    const text = await metricsAt(await addressOf(program))
    const seconds = (performance.now() - begun) / 1_000
    if (text !== undefined) {
      const of = (name: string) => sumOf(text, name) ?? 0
      lag = sumOf(text, 'cartwatch_consumer_lag_records')
      events = of('cartwatch_events_total') - eventsBefore
      most.loop = Math.max(most.loop, of('nodejs_eventloop_lag_p99_seconds') * 1_000)
      most.lag = Math.max(most.lag, lag ?? 0)
      most.open = Math.max(most.open, of('cartwatch_open_windows'))
      most.waiting = Math.max(most.waiting, of('cartwatch_store_queue_windows'))
      onLook(events, lag ?? 0)
      const { groups } = await kafka.admin.describeGroups([group])
      for (const { memberId } of groups[0]?.members ?? []) members.add(memberId)
    }
    if (lag !== undefined && isOver({ seconds, events, lag })) break
    await sleep(lookMs)
  }
  const working = program.log.filter(({ msg }) => msg === 'active').length
  const pid = enginePid()
  return {
    seconds: (performance.now() - begun) / 1_000,
    events,
    programMb: (measureProcess(program.pid)?.peakRss ?? 0) / 1e6,
    engineMb: pid === undefined ? 0 : (measureProcess(pid)?.peakRss ?? 0) / 1e6,
    loopP99Ms: most.loop,
    mostBehind: most.lag,
    openWindows: most.open,
    waitingWindows: most.waiting,
    rejoins: members.size - 1 + working - 1
  }
}

const addressOf = async (program: Program) => (await program.logged('operations port'))['address'] as string

/** The most memory that a process had is counted anew from here on. */
function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
