import type { IncidentsAnswer } from '../../src/web/api/incidents.ts'
import type { NowAnswer } from '../../src/web/api/now.ts'
import { incidentNews, windowChanges } from '../api/live.ts'
import { useResource } from '../api/resource.ts'
import { durationText, momentText } from '../format/time.ts'
import { counted, words } from '../format/words.ts'
import { moveFocus, useKeyBindings } from '../keys.ts'
import { HealthLine } from '../parts/health-line.tsx'
import { IncidentRow } from '../parts/incident-row.tsx'
import { Empty, Loaded } from '../parts/notes.tsx'
import { Tile } from '../parts/tile.tsx'
import { useTitle } from '../title.ts'

/** What is wrong now, what the shop does, and how the pipeline is. */
export function Now() {
  const now = useResource<NowAnswer>('/api/now', windowChanges)
  useTitle(now.kind === 'ready' ? nowTitle(now.answer) : 'Now')
  useKeyBindings({
    j: () => moveFocus('.incident-link', 1),
    k: () => moveFocus('.incident-link', -1)
  })
  return (
    <>
      <div class="head">
        <h1>Now</h1>
        {now.kind === 'ready' && !now.answer.stale && <AsOf now={now.answer} />}
      </div>
      <Loaded resource={now} what="what is going on">
        {answer => <NowPage now={answer} />}
      </Loaded>
    </>
  )
}

const nowTitle = ({ open_incidents: open }: NowAnswer) => (open === 0 ? 'Now' : `(${open}) Now`)

function NowPage({ now }: { readonly now: NowAnswer }) {
  const { incidents, open_incidents: open } = now
  return (
    <>
      {now.stale && <AsOf now={now} />}
      <WarmingUp warming={now.warming_up} />
      <section aria-labelledby="open">
        <h2 id="open">{open === 0 ? 'No open incident' : counted(open, 'open incident')}</h2>
        <p class="hidden" role="status">
          {open === 0
            ? 'No open incident'
            : `${counted(open, 'open incident')}. Worst: ${incidents[0]?.title}`}
        </p>
        <ul class="incidents">
          {incidents.map(incident => (
            <IncidentRow key={incident.id} incident={incident} />
          ))}
        </ul>
        {open > incidents.length && <Empty command="npx cartwatch incidents --open">The rest:</Empty>}
      </section>
      <section aria-labelledby="tiles">
        <h2 id="tiles">The shop</h2>
        {now.as_of === null ? (
          <Empty command="npx cartwatch status">No window has been stored yet. How far reading is:</Empty>
        ) : (
          <div class="tiles">
            {now.tiles.map(tile => (
              <Tile
                key={tile.name}
                tile={tile}
                severity={incidents.find(({ id }) => tile.incidents.includes(id))?.severity}
              />
            ))}
          </div>
        )}
      </section>
      <HealthLine pipeline={now.pipeline} />
      <Recent />
    </>
  )
}

const mostRecent = 6

/** What is over since the last day: whoever was paged for it looks for it here. */
function Recent() {
  const past = useResource<IncidentsAnswer>(
    `/api/incidents?status=resolved&limit=${mostRecent}`,
    incidentNews
  )
  if (past.kind !== 'ready' || past.answer.incidents.length === 0) return null
  return (
    <section aria-labelledby="over">
      <h2 id="over">Over, in the last day</h2>
      <ul class="incidents">
        {past.answer.incidents.map(incident => (
          <IncidentRow key={incident.id} incident={incident} />
        ))}
      </ul>
    </section>
  )
}

/** Of when the page is, and whether that is stale. */
function AsOf({ now }: { readonly now: NowAnswer }) {
  const { as_of: asOf, stale, pipeline_name: name, environment } = now
  if (asOf === null) return null
  const shop = environment === null ? name : `${name}, ${environment}`
  const when = `${shop}: as of ${momentText(Date.parse(asOf))}`
  if (!stale) return <p class="quiet">{when}</p>
  const age = durationText(Date.parse(now.now) - Date.parse(asOf))
  return (
    <p class="problem" role="alert">
      {when}, {age} ago. No newer window has been stored, so what you see may no longer be true.{' '}
      <code>npx cartwatch status</code> says what it waits for.
    </p>
  )
}

function WarmingUp({ warming }: { readonly warming: NowAnswer['warming_up'] }) {
  if (warming.length === 0) return null
  const left = Math.max(...warming.map(one => one.windows_needed - one.windows_seen))
  const kinds = warming.map(({ kind }) => words(kind).toLowerCase()).join(', ')
  return (
    <p class="quiet">
      Still learning what is usual, for {counted(left, 'more window')}: {kinds}.
    </p>
  )
}
