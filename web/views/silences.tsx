import { useSignal } from '@preact/signals'
import type { SilenceAnswer, SilencesAnswer } from '../../src/web/api/silences.ts'
import { ask, mayOperate, messageOf, session } from '../api/client.ts'
import { silenceChanges } from '../api/live.ts'
import { useResource } from '../api/resource.ts'
import { momentText } from '../format/time.ts'
import { segmentText, words } from '../format/words.ts'
import { NewSilence } from '../parts/new-silence.tsx'
import { Empty, Loaded, Problem } from '../parts/notes.tsx'
import { rememberedName } from '../parts/own-name.tsx'
import { Wide } from '../parts/wide.tsx'
import { useTitle } from '../title.ts'

/** Silences that last or are to come; to end one and to make one. */
export function Silences() {
  useTitle('Silences')
  const silences = useResource<SilencesAnswer>('/api/silences', silenceChanges)
  return (
    <>
      <h1>Silences</h1>
      <p>Nobody is notified of what a silence covers. It is found, stored and shown all the same.</p>
      <Loaded resource={silences} what="the silences">
        {answer =>
          answer.silences.length === 0 ? (
            <Empty command='npx cartwatch silence add --kind traffic_spike --for 2h --reason "load test"'>
              No silence lasts or is to come. One is made below, or by
            </Empty>
          ) : (
            <Table silences={answer.silences} />
          )
        }
      </Loaded>
      {mayOperate() && <NewSilence />}
    </>
  )
}

function Table({ silences }: { readonly silences: readonly SilenceAnswer[] }) {
  const problem = useSignal<string | null>(null)
  async function end(id: string): Promise<void> {
    const who = session.value
    const isSignedIn = who !== null && who !== 'signed_out' && who.name !== null
    const by = isSignedIn ? '' : `?${new URLSearchParams({ by: rememberedName() || 'the page' })}`
    try {
      await ask(`/api/silences/${encodeURIComponent(id)}${by}`, { method: 'DELETE' })
      silenceChanges.value += 1
    } catch (error) {
      problem.value = messageOf(error)
    }
  }
  return (
    <>
      {problem.value !== null && <Problem text={problem.value} />}
      <Wide label="Table of silences">
        <table>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Reason</th>
              <th scope="col">By</th>
              <th scope="col">From</th>
              <th scope="col">Until</th>
              <th scope="col">
                <span class="hidden">End it</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {silences.map(silence => (
              <tr key={silence.id}>
                <td>{matchText(silence)}</td>
                <td>{silence.reason}</td>
                <td>{silence.by}</td>
                <td>{momentText(Date.parse(silence.starts_at))}</td>
                <td>{momentText(Date.parse(silence.ends_at))}</td>
                <td>
                  {mayOperate() && (
                    <button
                      type="button"
                      aria-label={`End the silence of ${matchText(silence)}`}
                      onClick={() => void end(silence.id)}
                    >
                      End
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  )
}

function matchText({ match }: SilenceAnswer): string {
  const { kind, severity, segment, pipeline, labels } = match
  const parts = [
    kind?.map(words).join(', '),
    segment?.map(segmentText).join(', '),
    severity?.join(', '),
    pipeline && `pipeline ${pipeline.join(', ')}`,
    ...Object.entries(labels ?? {}).map(([name, values]) => `${name} ${values.join(', ')}`)
  ]
  return parts.filter(part => part !== undefined).join(' · ')
}
