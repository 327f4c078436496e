import type { NowAnswer } from '../../src/web/api/now.ts'
import { durationText } from '../format/time.ts'
import { counted, words } from '../format/words.ts'

type Pipeline = NowAnswer['pipeline']

const good: ReadonlySet<string> = new Set(['ok', 'standby', 'warming_up'])

/** How the pipeline itself is, in a line: what is wrong comes first. */
export function HealthLine({ pipeline }: { readonly pipeline: Pipeline }) {
  const { components, receivers, lag, watermark_delay_ms: delayMs } = pipeline
  const failing = [
    ...Object.entries(components).map(([name, one]) => ({ name: words(name), ...one })),
    ...receivers.map(one => ({ ...one, name: `receiver ${one.name}`, reason: undefined }))
  ].filter(({ status }) => !good.has(status))
  const waiting = receivers.reduce((sum, one) => sum + one.waiting, 0)
  return (
    <section aria-labelledby="health" class="health">
      <h2 id="health">Pipeline</h2>
      <p>
        {failing.length === 0 ? <b>Everything works</b> : null}
        {failing.map(({ name, status, detail, reason }) => (
          <b class="bad" key={name}>
            {name}: {words(status).toLowerCase()}
            {(detail ?? reason) !== undefined && `, ${detail ?? reason}`}
          </b>
        ))}
        {delayMs !== null && <span>windows close {durationText(delayMs)} behind</span>}
        {lag !== null && <span>{counted(lag, 'record')} not read yet</span>}
        {pipeline.late_last_hour !== null && (
          <span>{counted(pipeline.late_last_hour, 'event')} late in the last hour</span>
        )}
        {pipeline.dead_letters_last_hour !== null && (
          <span>{counted(pipeline.dead_letters_last_hour, 'unreadable record')}</span>
        )}
        <span>{counted(waiting, 'message')} waiting to be sent</span>
        {pipeline.role === 'standby' && <span>this instance stands by</span>}
      </p>
    </section>
  )
}
