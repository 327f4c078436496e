import { z } from 'zod'
import { eventTypes, type Layout, layoutFields, lineFields, type TypeMeaning } from '../decode/layout.ts'
import { layoutNames, layouts } from '../decode/layouts/catalogue.ts'
import { type Path, parsePaths } from '../decode/path.ts'
import { durationBetween, orOff, sizeBetween, timezone } from './schema-parts.ts'
import { resolveStructure, structureKeys } from './structure.ts'

const pathError = 'a path such as payload.user.id or items[].price'
const path = z.string().refine(text => parsePaths(text) !== undefined, { error: pathError })
const places = z
  .union([path, z.array(path)], { error: pathError })
  .transform(value => (typeof value === 'string' ? [value] : value))

const layout = z.enum(layoutNames)
const timeUnit = z.enum(['auto', 'microseconds'])
const dateOrder = z.enum(['day_first', 'month_first'])
const decimal = z.enum(['auto', 'point', 'comma', 'base64'])
const scaleError = 'a number of decimals from 0 to 9, or currency'
const money = z.strictObject({
  scale: z.union([z.int().min(0).max(9), z.literal('currency')], { error: scaleError })
})
const spanError = 'a duration from 1m to 7d, or off'
const typeMeanings = [...eventTypes, 'other'] as const satisfies readonly TypeMeaning[]
const types = z.record(z.string(), z.enum(typeMeanings))

/** Of the contract, and further ones under the name by which a metric or a dimension asks for them. */
const fields = z.record(z.string(), places).superRefine((byField, context) => {
  for (const [field, own] of Object.entries(byField)) {
    // A place that is no path at all has been refused already.
    if (!Array.isArray(own)) continue
    own.forEach((text, index) => {
      const message = faultOf(field, parsePaths(text) ?? [])
      if (message !== undefined) context.addIssue({ code: 'custom', path: [field, index], message })
    })
  }
})

const numberFields = ['price', 'quantity', 'order_total']

/** Numbers are one value; only products are listed, each list is one, and its entries stand for themselves. */
function faultOf(field: string, paths: readonly Path[]): string | undefined {
  if (paths.length > 1 && numberFields.includes(field))
    return 'one path: + joins texts, it adds no numbers (units and nanos in one object are read together)'
  const lists = paths.flat().filter(({ kind }) => kind === 'each').length
  if (lists === 0) return undefined
  if (!lineFields.some(each => each === field))
    return `a path without []: only ${lineFields.join(', ')} are listed`
  return lists > 1 || paths.length > 1 ? 'a path with one []' : undefined
}

/** What says how events are written, for all topics or for one: parts of an object's shape. */
export const layoutKeys = {
  layout: layout.optional(),
  fields: fields.optional(),
  event_types: types.optional(),
  time_unit: timeUnit.optional(),
  timezone: timezone.optional(),
  date_order: dateOrder.optional(),
  decimal: decimal.optional(),
  money: money.optional(),
  ...structureKeys
}
export type LayoutKeys = z.output<z.ZodObject<typeof layoutKeys>>

/** The layout that is named, or else `base`, with the keys' own fields and types put over it. */
export function resolveLayout(keys: LayoutKeys, base: Layout): Layout {
  const preset: Layout = keys.layout === undefined ? base : layouts[keys.layout]
  return {
    ...preset,
    ...resolveFields(keys.fields, preset),
    eventTypes: { ...preset.eventTypes, ...keys.event_types },
    timeUnit: keys.time_unit ?? preset.timeUnit,
    timezone: keys.timezone ?? preset.timezone,
    dateOrder: keys.date_order ?? preset.dateOrder,
    decimal: keys.decimal ?? preset.decimal,
    moneyScale: keys.money?.scale ?? preset.moneyScale,
    structure: resolveStructure(keys, preset.structure)
  }
}

const isLayoutField = (name: string) => layoutFields.some(field => field === name)

function resolveFields(own: LayoutKeys['fields'] = {}, preset: Layout): Pick<Layout, 'fields' | 'further'> {
  const entries = Object.entries(own)
  const further = entries.filter(([name]) => !isLayoutField(name))
  return {
    fields: { ...preset.fields, ...Object.fromEntries(entries.filter(([name]) => isLayoutField(name))) },
    ...(further.length > 0 && { further: { ...preset.further, ...Object.fromEntries(further) } })
  }
}

/** The names of fields that are not of the contract. */
export const furtherNames = ({ fields = {} }: Pick<LayoutKeys, 'fields'>): readonly string[] =>
  Object.keys(fields).filter(name => !isLayoutField(name))

/** The `events:` section. */
export const eventsSchema = z
  .strictObject({
    layout: layout.prefault('native'),
    fields: fields.prefault({}),
    event_types: types.prefault({}),
    time_unit: timeUnit.optional(),
    timezone: timezone.optional(),
    date_order: dateOrder.optional(),
    decimal: decimal.optional(),
    money: money.optional(),
    ...structureKeys,
    ignore: structureKeys.ignore.prefault([]),
    duplicate_orders: orOff(durationBetween('1m', '7d'), spanError).prefault('1d'),
    max_bytes: sizeBetween(1_024, 104_857_600).prefault('1MiB')
  })
  .transform(({ max_bytes, duplicate_orders, ...keys }) => ({
    maxBytes: max_bytes,
    orderSpanMs: duplicate_orders ?? 0,
    layout: resolveLayout(keys, layouts.native)
  }))
  .prefault({})
