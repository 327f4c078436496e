import { exampleNotification } from '../src/channel/check/examples.ts'
import { createTemplates } from '../src/channel/template/templates.ts'
import { renderOptionsOf } from '../test/support/alerts.ts'
import { hostileTemplates, slowTemplates } from '../test/support/hostile-templates.ts'

const runs = Number(process.argv[2] ?? 20)

const ordinary = `*{{ title }}*
{{ details }}
{% for part in where %}• {{ part.segment }}: {{ part.share | percent }}
{% endfor %}Since {{ opened_at | slack_timestamp }}. {{ links.dashboard | slack_link: "Dashboard" }}`

const files = new Map([
  ...Object.entries({ ...hostileTemplates, ...slowTemplates }),
  ['ordinary.liquid', ordinary]
])
const templates = createTemplates({
  files,
  assigned: new Map(),
  labelsOf: () => ({}),
  renderOptions: renderOptionsOf()
})
const notification = exampleNotification({
  ...{ kind: 'revenue_drop', action: 'trigger', severity: 'high', content: 'long' }
})

interface Row {
  readonly template: string
  readonly ends: string
  readonly firstMs: string
  readonly medianMs: string
  readonly longestMs: string
  /** Of the processor. */
  readonly longestUsedMs: string
}

function usedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** By the clock on the wall, with what the rest of the machine took meanwhile, and by the processor. */
function measured(file: string): Row {
  const times: number[] = []
  let longestUsed = 0
  let ends = 'is rendered'
  for (let run = 0; run < runs; run += 1) {
    const startedAt = performance.now()
    const usedBefore = usedMs()
    const outcome = templates.render('slack', { file, notification })
    times.push(performance.now() - startedAt)
    longestUsed = Math.max(longestUsed, usedMs() - usedBefore)
    if (outcome.kind === 'failed') ends = outcome.problem.message
  }
  const sorted = times.toSorted((one, other) => one - other)
  const shown = (ms: number | undefined) => (ms ?? 0).toFixed(1)
  return {
    ...{ template: file.replace('.liquid', ''), ends: ends.slice(0, 70), firstMs: shown(times[0]) },
    ...{ medianMs: shown(sorted[Math.floor(runs / 2)]), longestMs: shown(sorted.at(-1)) },
    longestUsedMs: shown(longestUsed)
  }
}

// The check of the configuration renders some hundred messages before the first one is sent.
for (let run = 0; run < 200; run += 1) templates.render('slack', { file: 'ordinary.liquid', notification })

const rows = [...files.keys()].filter(file => !file.startsWith('part')).map(measured)
console.table(rows)
const longest = (of: 'longestMs' | 'longestUsedMs') => Math.max(...rows.map(row => Number(row[of])))
console.log(
  `${rows.length} templates, ${runs} renderings each: the longest took ${longest('longestMs')} ms, ${longest('longestUsedMs')} ms of the processor`
)
