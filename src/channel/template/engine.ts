import type { Context, Liquid, Template } from 'liquidjs'
import { countedOperators, dateFilter, keptFilters, type OwnFilters, withinBudget } from './filters.ts'
import { liquidLibrary } from './library.ts'
import { type Budget, createBudget, type TemplateLimits, templateLimits } from './limits.ts'
import { problemOf, type TemplateProblem } from './problem.ts'
import { markValue, unmarked } from './spans.ts'

/** Tags that are taken from LiquidJS: without those that write values past their escaping or count outside the template. */
const keptTags: ReadonlySet<string> = new Set([
  ...['assign', 'capture', 'if', 'unless', 'case', 'for', 'break', 'continue', 'echo', 'liquid'],
  ...['comment', 'raw', '#', 'include', 'render', 'layout', 'block']
])

export interface EngineOptions<Job> {
  /** Templates by their names, such as `team/drift.liquid`. */
  readonly files: ReadonlyMap<string, string>
  /** Of times. */
  readonly timezone: string
  /** Of the names of days and months in a message. */
  readonly localeOf: (job: Job) => string
  readonly filters: OwnFilters<Job>
  readonly limits?: TemplateLimits
}

/** What a rendering took. */
export interface Usage {
  /** The templates that were used beside the first one. */
  readonly partials: readonly string[]
  readonly steps: number
  /** Of the processor. */
  readonly ms: number
}

export type Rendered =
  | {
      readonly kind: 'rendered'
      /** Values are marked in it. */
      readonly text: string
      readonly usage: Usage
    }
  | { readonly kind: 'failed'; readonly problem: TemplateProblem }

/** What one rendering is about; filters ask for it. */
interface Running<Job> {
  readonly job: Job
  readonly budget: Budget
  readonly partials: Set<string>
}

/** Renders the templates of a folder that was read before: nothing here opens a file. */
export function createEngine<Job>({ limits = templateLimits, ...options }: EngineOptions<Job>) {
  const { files } = options
  const parsed = new Map<string, Template[]>()
  let running: Running<Job> | undefined

  const liquid = createLiquid<Job>(
    { ...options, limits },
    {
      parsed,
      now() {
        if (running === undefined) throw new Error('nothing is rendered')
        return running
      },
      onPartial: name => running?.partials.add(name)
    }
  )

  function parse(name: string): Template[] {
    const known = parsed.get(name)
    if (known !== undefined) return known
    const source = files.get(name)
    if (source === undefined) throw new Error(`there is no template ${name}`)
    const templates = liquid.parse(unmarked(source), name)
    parsed.set(name, templates)
    return templates
  }

  // Now, and not when a message is to be sent. What is wrong in one is said where it is used.
  for (const name of files.keys()) {
    try {
      parse(name)
    } catch {}
  }

  return {
    /** `name`: of one of the files. Never throws. */
    render(name: string, variables: object, job: Job): Rendered {
      const budget = createBudget(limits, usedMs)
      const partials = new Set<string>()
      running = { job, budget, partials }
      try {
        const text = String(liquid.renderSync(parse(name), contextOf(liquid, variables, budget)))
        return { kind: 'rendered', text, usage: { partials: [...partials], ...budget.used() } }
      } catch (error) {
        return { kind: 'failed', problem: problemOf(error, name, { files, liquid, variables }) }
      } finally {
        running = undefined
      }
    },
    /** The variables that a template names, also where nothing leads to; empty where it cannot be read. */
    variablesIn(name: string) {
      try {
        return Object.values(liquid.analyzeSync(parse(name)).globals).flat()
      } catch {
        return []
      }
    }
  }
}

interface Rendering<Job> {
  readonly parsed: Map<string, Template[]>
  readonly now: () => Running<Job>
  readonly onPartial: (name: string) => void
}

/** Liquid with the tags and filters that are kept, and those of ours, all of them counted. */
function createLiquid<Job>(
  { files, timezone, localeOf, filters, limits }: EngineOptions<Job> & { readonly limits: TemplateLimits },
  { parsed, now, onPartial }: Rendering<Job>
): Liquid {
  const { Liquid: Engine, defaultOperators } = liquidLibrary()
  const nameOf = (name: string): string => (files.has(name) ? name : `${name}.liquid`)
  // The lookup is part of a key, and a template is the same for all of them.
  const nameIn = (key: string): string => nameOf(key.slice(key.indexOf(':') + 1))
  const budgetNow = () => now().budget
  const liquid = new Engine({
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    ownPropertyOnly: true,
    parseLimit: limits.file,
    timezoneOffset: timezone,
    dateFormat: '%d %b %Y, %H:%M',
    relativeReference: false,
    operators: countedOperators(defaultOperators, budgetNow),
    fs: folderOf(files, nameOf),
    cache: {
      read(key) {
        onPartial(nameIn(key))
        return parsed.get(nameIn(key))
      },
      write(key, templates) {
        if (Array.isArray(templates)) parsed.set(nameIn(key), templates)
      },
      remove() {}
    },
    outputEscape: outputOf
  })
  for (const name of Object.keys(liquid.tags)) if (!keptTags.has(name)) delete liquid.tags[name]
  for (const name of Object.keys(liquid.filters)) if (!keptFilters.has(name)) delete liquid.filters[name]
  const { date } = liquid.filters
  if (date)
    liquid.registerFilter(
      'date',
      dateFilter(date, () => localeOf(now().job), budgetNow)
    )
  for (const [name, filter] of Object.entries(liquid.filters))
    liquid.registerFilter(name, withinBudget(filter, budgetNow))
  for (const [name, { handler, isMarkup = false }] of Object.entries(filters)) {
    const bound = (value: unknown, ...args: readonly unknown[]) => handler(value, args, now().job)
    liquid.registerFilter(name, withinBudget({ handler: bound, raw: isMarkup }, budgetNow))
  }
  countRenderer(liquid, budgetNow)
  return liquid
}

function outputOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    const what = Array.isArray(value) ? 'a list: use the filter join' : 'a map: name one of its keys'
    throw new Error(`is ${what}, or the filter json`)
  }
  return shownValue(value)
}

/** Time of the processor that this thread has used: a busy machine makes no template longer. */
function usedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** Maps and lists are refused before. */
const shownValue = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : markValue(value as string)
}

function contextOf(liquid: Liquid, variables: object, budget: Budget): Context {
  const { Context: Scope } = liquidLibrary()
  // As globals they are seen by partials of `render`, too.
  const options = { sync: true, globals: variables as Record<string, unknown> }
  const limiters = {
    liquid,
    renderLimit: { check: budget.step, use() {} },
    memoryLimit: { check() {}, use: budget.use }
  } as unknown as NonNullable<ConstructorParameters<typeof Context>[3]>
  return new Scope(Object.create(null), liquid.options, options, limiters)
}

/** Counts how deep tags lie within each other, and all that is written, captured texts included. */
function countRenderer({ renderer }: Liquid, budgetNow: () => Budget): void {
  const original = renderer.renderTemplates
  renderer.renderTemplates = function* renderTemplates(templates, context, emitter) {
    const budget = budgetNow()
    const counted = emitter ?? {
      buffer: '',
      write(html: unknown) {
        const text = typeof html === 'string' ? html : shownValue(html)
        budget.write(text.length)
        this.buffer += text
      }
    }
    budget.enter()
    try {
      return yield* original.call(this, templates, context, counted)
    } finally {
      budget.leave()
    }
  }
}

function folderOf(files: ReadonlyMap<string, string>, nameOf: (name: string) => string) {
  const readFileSync = (name: string): string => unmarked(files.get(name) ?? '')
  return {
    readFileSync,
    readFile: async (name: string) => readFileSync(name),
    existsSync: (name: string) => files.has(name),
    exists: async (name: string) => files.has(name),
    resolve: (_folder: string, name: string) => nameOf(name)
  }
}
