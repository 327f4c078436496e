/**
 * What one rendering may use. What is counted is the same on every machine and ends it within a few milliseconds; the time,
 * of the processor and not of a clock, is for what counting does not see.
 */
export const templateLimits = {
  /** Templates of a folder, and characters of one. */
  files: 200,
  file: 65_536,
  /** Bytes of all of them: they are parsed at once. */
  folder: 524_288,
  /** Tags, outputs, texts between them, filters, elements of lists in them, and operators, repetitions counted. */
  steps: 3_000,
  /** Tags and partials within each other. */
  depth: 40,
  /** Characters of a text that a filter takes or gives, and numbers of a range. */
  unit: 20_000,
  /** Elements of a list that a filter takes or gives: some look at each with as much work as a step. */
  list: 1_000,
  /** Of all of them together. */
  memory: 300_000,
  /** Characters of a result, captured texts included. */
  output: 100_000,
  timeMs: 25
}

export type TemplateLimits = Readonly<Record<keyof typeof templateLimits, number>>

/** A template that would take too much; the message says of what. */
class LimitError extends Error {
  override readonly name = 'LimitError'
}

/** Asking for the time costs as much as a step. */
const timedSteps = 4

const shown = (count: number): string => count.toLocaleString('en')

/** Counts what one rendering uses; throws where that is too much. */
export function createBudget(limits: TemplateLimits, usedMs: () => number) {
  const endMs = usedMs() + limits.timeMs
  let steps = 0
  let memory = 0
  let output = 0
  let depth = 0
  const refuse = (isOver: boolean, what: string) => {
    if (isOver) throw new LimitError(`takes too much: ${what}`)
  }
  return {
    step(): void {
      steps += 1
      refuse(steps > limits.steps, `more than ${shown(limits.steps)} steps`)
      if (steps % timedSteps === 0) refuse(usedMs() > endMs, `more than ${limits.timeMs} ms`)
    },
    /** What takes as long as so many steps. */
    work(count: number): void {
      steps += count
      refuse(steps > limits.steps, `more than ${shown(limits.steps)} steps`)
      refuse(usedMs() > endMs, `more than ${limits.timeMs} ms`)
    },
    use(count: number): void {
      refuse(count > limits.unit, `a text or a range longer than ${shown(limits.unit)}`)
      memory += Math.max(0, count)
      refuse(memory > limits.memory, `texts and lists longer than ${shown(limits.memory)} together`)
    },
    useList(length: number): void {
      refuse(length > limits.list, `a filter of a list longer than ${shown(limits.list)}`)
      this.work(length)
      this.use(length)
    },
    write(length: number): void {
      output += length
      refuse(output > limits.output, `a result longer than ${shown(limits.output)} characters`)
    },
    enter(): void {
      depth += 1
      refuse(depth > limits.depth, `more than ${limits.depth} tags and partials within each other`)
    },
    leave(): void {
      depth -= 1
    },
    used: () => ({ steps, ms: usedMs() - endMs + limits.timeMs })
  }
}

export type Budget = ReturnType<typeof createBudget>
