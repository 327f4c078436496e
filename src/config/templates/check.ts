import { join } from 'node:path'
import { templateProblems } from '../../channel/template/check.ts'
import type { TemplateProblem } from '../../channel/template/problem.ts'
import { type Assignment, formOf, type TemplateSources } from '../../channel/template/templates.ts'
import type { RenderOptions } from '../../channel/types.ts'
import { fallbackCurrency } from '../../decode/currency/shop-currency.ts'
import { labelsOf } from '../../routing/matchers.ts'
import type { ReceiverSettings } from '../../routing/receiver.ts'
import type { ConfigError } from '../errors.ts'
import { nearest } from '../nearest.ts'
import type { Config } from '../schema.ts'
import type { ReadTemplates } from './folder.ts'

type Receivers = ReadonlyMap<string, ReceiverSettings>

/** The templates of each receiver: its own, else those of its type. */
export const assignedTemplates = (
  receivers: Receivers,
  settings: Config['templates']
): ReadonlyMap<string, Assignment> =>
  new Map(
    [...receivers].flatMap(([name, receiver]) => {
      const assignment = receiver.template ?? settings[formOf(receiver.type)]
      return assignment === undefined ? [] : [[name, assignment]]
    })
  )

/** Reads the folder of templates where some are in use, and renders each for what it may be sent for. */
export function checkTemplates(
  config: Config,
  read: ReadTemplates,
  everyContent: boolean
): { readonly files: ReadonlyMap<string, string>; readonly errors: readonly ConfigError[] } {
  const { receivers, templates } = config
  const assigned = assignedTemplates(receivers, templates)
  if (assigned.size === 0) return { files: new Map(), errors: [] }
  const { folder } = templates
  const { files, problems } = read(folder)
  const errors: ConfigError[] = problems.map(({ file, message }) => ({
    ...{ place: file, path: '', message, rule: 'unreadable-file' }
  }))
  const names = new Set([...assigned.values()].flatMap(assignment => [...assignment.values()]))
  for (const name of names) if (!files.has(name)) errors.push(missing(name, folder, files, errors))
  if (errors.length > 0) return { files, errors }
  const options = {
    files,
    assigned,
    labelsOf: labelling(config),
    renderOptions: exampleOptions(config),
    everyContent
  }
  return { files, errors: templateProblems(receivers, options).map(problem => errorOf(problem, folder)) }
}

/** What routes see of a kind in a segment, for templates. */
export const labelling =
  ({ labels, alerting }: Pick<Config, 'labels' | 'alerting'>): TemplateSources['labelsOf'] =>
  (kind, segment) =>
    labelsOf({ labels, labelsOfKinds: alerting.labelsOfKinds }, kind, segment)

/** With its buttons a message is at its longest. */
const exampleOptions = ({ currency, language, timezone, environment, alerting }: Config): RenderOptions => ({
  ...{ currency: currency ?? fallbackCurrency, language, timezone, environment },
  ...{ dashboardTemplate: alerting.dashboardUrl, runbooks: alerting.guides },
  ...{ incidentUrl: () => null, interactive: true }
})

function missing(
  name: string,
  folder: string,
  files: ReadonlyMap<string, string>,
  sofar: readonly ConfigError[]
) {
  const near = nearest(name, [...files.keys()])
  const hint = near === undefined || sofar.length > 0 ? '' : `; did you mean ${near}?`
  const message = `is no file${hint}`
  return { place: join(folder, name), path: '', message, rule: 'unreadable-file' } as const
}

/** `templates/drift.liquid:3:5: there is no variable titel; did you mean title?`. */
export function errorOf(
  { file, line, column, message, unknown }: TemplateProblem,
  folder: string
): ConfigError {
  const at = line === undefined ? '' : `:${line}:${column}`
  const near = unknown && nearest(unknown.name, unknown.known)
  const hint = near === undefined ? '' : `; did you mean ${near}?`
  return {
    ...{ place: `${join(folder, file)}${at}`, path: '', message: `${message}${hint}`, rule: 'wrong-template' }
  }
}
