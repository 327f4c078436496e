import { z } from 'zod'
import { allKinds } from '../../../detectors/kind-of.ts'
import { trimmedText } from '../schema-parts.ts'

const file = z.string().regex(/^(?!\/|.*(^|\/)\.\.?\/)[^\\\p{Cc}]+\.liquid$/u, {
  error: 'the name of a file in the folder of templates, such as drift.liquid'
})

/** `default` is for all kinds that have none of their own; `report` for daily reports and digests. */
const keys = ['default', 'report', ...allKinds.map(({ kind }) => kind)] as const

/** One template, or some by kind. */
export const templateChoice = z
  .union([file, z.partialRecord(z.enum(keys), file)], {
    error: 'the name of a file such as drift.liquid, or names by kind: { default: FILE, drift: FILE }'
  })
  .transform(
    (choice): ReadonlyMap<string, string> =>
      new Map(
        typeof choice === 'string'
          ? [['default', choice]]
          : Object.entries(choice).flatMap(([kind, name]) => (name === undefined ? [] : [[kind, name]]))
      )
  )

const choice = templateChoice.optional()

/** The `templates:` section: where they are, and those of all receivers of a type. */
export const templatesSchema = z
  .strictObject({
    folder: trimmedText.prefault('templates'),
    slack: choice,
    email: choice,
    teams: choice,
    pagerduty: choice,
    webhook: choice
  })
  .prefault({})
