import { allKinds, isOfService } from '../../../detectors/kind-of.ts'
import { severities } from '../../../detectors/types.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { ReceiverSettings } from '../../routing/receiver.ts'
import { exampleActions, templateExample } from './examples.ts'
import type { Form } from './job.ts'
import { templateLimits } from './limits.ts'
import { type TemplateProblem, unknownVariable } from './problem.ts'
import { createTemplates, formOf, type Templates, type TemplatesOptions } from './templates.ts'

/** Of one template, these are enough to begin with. */
const mostProblems = 5

/** Limits that count are those of a message. The first renderings compile what they run, which takes its time. */
const checkLimits = { ...templateLimits, timeMs: 1_000 }

export interface CheckOptions extends TemplatesOptions {
  /** The worst texts and missing ones of every kind, which takes three times as long; else of one, and of alerts of services. */
  readonly everyContent: boolean
}

/**
 * Renders each template in use for each kind and message that it may be for, as they mostly are, as bad as they can be, and
 * with nothing that may be missing. Empty where all of them can be sent.
 */
export function templateProblems(
  receivers: ReadonlyMap<string, Pick<ReceiverSettings, 'type'>>,
  { everyContent, ...options }: CheckOptions
): readonly TemplateProblem[] {
  const templates = createTemplates({ limits: checkLimits, ...options })
  const shape = shapeOf(templates)
  const checked = new Set<string>()
  const found = new Map<string, TemplateProblem>()
  for (const [name, { type }] of receivers)
    for (const [key, file] of options.assigned.get(name) ?? []) {
      const form = formOf(type)
      const use = `${form} ${file} ${key}`
      if (checked.has(use)) continue
      checked.add(use)
      const kinds = key === 'default' ? kindsOfDefault(options.assigned.get(name)) : [key]
      const wrong = [
        ...wrongName(form, file),
        ...unknownVariables(templates, file, shape),
        ...renderedProblems(templates, form, file, examplesOf(kinds, everyContent))
      ]
      for (const problem of wrong.slice(0, mostProblems)) found.set(placeOf(problem), problem)
    }
  return [...found.values()]
}

const placeOf = ({ file, line, column, message, unknown }: TemplateProblem): string =>
  line === undefined ? `${file} ${message}` : `${file}:${line}:${column} ${unknown?.name ?? ''}`

/** Its name says a form that this receiver does not take. */
function wrongName(form: Form['name'], file: string): TemplateProblem[] {
  const [, syntax] = /\.(json|html)\.liquid$/.exec(file) ?? []
  if (syntax === undefined || takes[form].includes(syntax)) return []
  const message = `is ${syntax} by its name, which a receiver of type ${form} does not take; name it NAME.liquid`
  return [{ file, message }]
}

const takes: Readonly<Record<Form['name'], readonly string[]>> = {
  slack: ['json'],
  email: ['html'],
  webhook: ['json'],
  teams: [],
  pagerduty: []
}

const kindsOfDefault = (assignment: ReadonlyMap<string, string> | undefined): readonly string[] =>
  allKinds.map(({ kind }) => kind).filter(kind => !assignment?.has(kind))

/** Worst texts and missing ones are much the same for all kinds but alerts of other services. */
function examplesOf(kinds: readonly string[], everyContent: boolean): NotificationRecord[] {
  const [first] = kinds
  const worst = kinds.filter(kind => everyContent || kind === first || isOfService(kind))
  const of = (some: readonly string[], content: Parameters<typeof templateExample>[0]['content']) =>
    some.flatMap(kind =>
      exampleActions.map((action, at) => {
        const severity = severities[at % severities.length] ?? 'low'
        return templateExample({ kind, action, severity, content })
      })
    )
  return [...of(kinds, 'ordinary'), ...of(worst, 'bare'), ...of(worst, 'hostile'), ...of(worst, 'long')]
}

function renderedProblems(
  templates: Templates,
  form: ReturnType<typeof formOf>,
  file: string,
  examples: readonly NotificationRecord[]
): TemplateProblem[] {
  const problems = new Map<string, TemplateProblem>()
  for (const [at, notification] of examples.entries()) {
    const isFirst = at === 0
    const outcome = templates.render(form, { file, notification })
    if (outcome.kind === 'made') continue
    const { problem } = outcome
    const place = placeOf(problem)
    if (!problems.has(place)) problems.set(place, isFirst ? problem : about(problem, notification))
    // What takes too much for one takes too much for most, and each takes its time.
    if (/^takes too much/.test(problem.message) || problems.size >= mostProblems) break
  }
  return [...problems.values()]
}

/** Names the message: many a mistake shows in some of them alone. */
const about = (problem: TemplateProblem, { kind, action, reason }: NotificationRecord): TemplateProblem => ({
  ...problem,
  message: `${problem.message} (${kind}, ${reason.type === 'opened' ? action : reason.type})`
})

/** Names of what may be there: maps of known keys; null where any key may be. */
interface Shape {
  readonly [key: string]: Shape | null
}

/** Their keys are those of alerts and of the configuration. */
const openMaps: ReadonlySet<string> = new Set([
  'labels',
  'evidence',
  'alert.details',
  'alert.metadata',
  'alert.metrics'
])

function shapeOf(templates: Templates): Shape {
  const kinds = ['revenue_drop', 'drift', 'report']
  const examples = kinds.flatMap(kind =>
    exampleActions.map(action => templateExample({ kind, action, severity: 'high', content: 'ordinary' }))
  )
  return examples.reduce<Shape>((shape, one) => merged(shape, templates.variables(one), ''), {})
}

function merged(shape: Shape, value: object, path: string): Shape {
  const entries = Object.entries(value).map(([key, inner]) => {
    const at = path === '' ? key : `${path}.${key}`
    const isMap = typeof inner === 'object' && inner !== null && !Array.isArray(inner) && !openMaps.has(at)
    return [key, isMap ? merged(shape[key] ?? {}, inner, at) : (shape[key] ?? null)]
  })
  return { ...shape, ...Object.fromEntries(entries) }
}

/** Names that no message has, also where none of the examples leads to. */
function unknownVariables(templates: Templates, file: string, shape: Shape): TemplateProblem[] {
  return templates.variablesIn(file).flatMap(({ segments, location }) => {
    let inner: Shape | null = shape
    const path: string[] = []
    for (const segment of segments) {
      if (inner === null || typeof segment !== 'string') return []
      path.push(segment)
      if (segment === 'size') return []
      if (!Object.hasOwn(inner, segment)) {
        const { row: line, col: column, file: at = file } = location
        return [{ file: at, line, column, ...unknownVariable(path.join('.'), shape) }]
      }
      inner = inner[segment] ?? null
    }
    return []
  })
}
