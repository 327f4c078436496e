import { type ExampleOptions, templateExample } from '../../src/channel/template/examples.ts'
import { type TemplateLimits, templateLimits } from '../../src/channel/template/limits.ts'
import { type Content, createTemplates } from '../../src/channel/template/templates.ts'
import type { RenderOptions } from '../../src/channel/types.ts'
import { renderOptionsOf } from './alerts.ts'

/** What is counted alone holds: how fast a machine is does not matter to a test. */
export const countedLimits: TemplateLimits = { ...templateLimits, timeMs: Number.POSITIVE_INFINITY }

interface Given extends Partial<ExampleOptions> {
  readonly look?: Partial<RenderOptions>
  readonly labels?: Readonly<Record<string, string>>
  /** Beside the template. */
  readonly files?: Readonly<Record<string, string>>
  readonly limits?: TemplateLimits
}

/** What a receiver gets of a template's text. `name`: of its file. */
export function renderedAs<Form extends keyof Content>(
  form: Form,
  text: string,
  given: Given & { readonly name?: string } = {}
) {
  const { look = {}, labels = {}, files = {}, limits = countedLimits, name = 'it.liquid', ...example } = given
  const templates = createTemplates({
    files: new Map(Object.entries({ ...files, [name]: text })),
    assigned: new Map(),
    labelsOf: () => labels,
    renderOptions: renderOptionsOf({ dashboardTemplate: 'https://dash.example/{kind}', ...look }),
    limits
  })
  const notification = templateExample({
    ...{ kind: 'revenue_drop', action: 'trigger', severity: 'high', content: 'ordinary' },
    ...example
  })
  return templates.render(form, { file: name, notification })
}

/** The text of a template in a mail, which shows most values as they are; or what is wrong with it and where. */
export function textOf(text: string, given: Given = {}): string {
  const outcome = renderedAs('email', text, given)
  if (outcome.kind === 'made') return outcome.content.text
  const { file, line, column, message } = outcome.problem
  return `${file}${line === undefined ? '' : `:${line}:${column}`}: ${message}`
}
