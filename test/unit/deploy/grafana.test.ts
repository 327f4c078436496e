import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { createMetrics } from '../../../src/telemetry/metrics.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const rules = 'deploy/prometheus-rules.yaml'
const ruleTests = 'test/unit/deploy/prometheus-rules.test.yaml'

interface Source {
  readonly type: string
  readonly uid: string
}
interface Panel {
  readonly title: string
  readonly datasource: Source
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets: readonly { readonly datasource: Source; readonly expr?: string; readonly refId: string }[]
}
interface Dashboard {
  readonly uid: string
  readonly panels: readonly Panel[]
}

const folder = 'deploy/grafana/dashboards'
const dashboards = readdirSync(join(root, folder)).map(
  (name): Dashboard => JSON.parse(read(`${folder}/${name}`))
)
const panels = dashboards.flatMap(one => one.panels)
/** Those of PromQL, with a value in place of a variable. */
const expressions = panels
  .flatMap(({ targets }) => targets.flatMap(({ expr }) => expr ?? []))
  .map(expr => expr.replaceAll('$metric', 'revenue'))

/** Prometheus' own tool, where it is installed. */
const promtool = (() => {
  const path = process.env['PROMTOOL'] ?? 'promtool'
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' })
    return (...args: string[]) => execFileSync(path, args, { cwd: root, encoding: 'utf8' })
  } catch {
    console.log('promtool is not installed: rules and queries are not checked by it (Debian: prometheus)')
    return undefined
  }
})()

test('rules and dashboards ask for metrics that there are', async () => {
  const page = await createMetrics({ ofProcess: true }).render()
  const known = new Set([...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))
  const asked = [read(rules), ...expressions].flatMap(text => text.match(/\b(cartwatch|process)_\w+/g) ?? [])
  const names = asked.map(name => name.replace(/_bucket$/, ''))
  expect(names.length).toBeGreaterThan(30)
  expect([...new Set(names)].filter(name => !known.has(name))).toEqual([])
})

test('every alert says how bad it is, what it is and what to look at', () => {
  const all = parse(read(rules)).groups.flatMap((group: { rules: object[] }) => group.rules)
  for (const rule of all)
    expect(rule).toMatchObject({
      alert: expect.stringMatching(/^Cartwatch[A-Z]/),
      labels: { severity: expect.stringMatching(/^(critical|high|medium)$/) },
      annotations: { summary: expect.any(String), description: expect.any(String) }
    })
})

describe.skipIf(promtool === undefined)('Prometheus’ own tool', () => {
  test('takes the rules, which fire when they should', () => {
    expect(promtool?.('check', 'rules', rules)).toContain('SUCCESS: 10 rules found')
    expect(promtool?.('test', 'rules', ruleTests)).toContain('SUCCESS')
  })

  test('takes the queries of the dashboards', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'cartwatch-queries-')), 'rules.yaml')
    const asRules = expressions.map((expr, index) => ({ record: `query:${index}`, expr }))
    writeFileSync(file, stringify({ groups: [{ name: 'queries', rules: asRules }] }))
    expect(promtool?.('check', 'rules', file)).toContain(`SUCCESS: ${expressions.length} rules found`)
  })
})

describe('the dashboards', () => {
  const { datasources } = parse(read('deploy/grafana/provisioning/datasources/cartwatch.yaml'))
  const provisioned = datasources.map(({ uid, type }: Source) => ({ type, uid }))

  test('use the data sources that are provisioned', () => {
    for (const { datasource, targets } of panels)
      for (const one of [datasource, ...targets.map(target => target.datasource)])
        expect(provisioned).toContainEqual(one)
  })

  test('have ids of their own, and panels that do not overlap', () => {
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length)
    for (const { panels: all } of dashboards) {
      const cells = all.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`)
      )
      expect(new Set(cells).size).toBe(cells.length)
      expect(all.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true)
    }
  })
})
