import { isObject, parseInner } from './json.ts'

/** The columns of an enriched event, in Snowplow's order; those between are unused here and have no name. */
const columns: Readonly<Record<number, string>> = {
  0: 'app_id',
  1: 'platform',
  3: 'collector_tstamp',
  4: 'dvce_created_tstamp',
  5: 'event',
  6: 'event_id',
  12: 'user_id',
  15: 'domain_userid',
  17: 'network_userid',
  18: 'geo_country',
  20: 'geo_city',
  29: 'page_url',
  35: 'page_urlpath',
  44: 'refr_medium',
  45: 'refr_source',
  47: 'mkt_medium',
  48: 'mkt_source',
  51: 'mkt_campaign',
  53: 'se_category',
  54: 'se_action',
  55: 'se_label',
  56: 'se_property',
  57: 'se_value',
  59: 'tr_orderid',
  61: 'tr_total',
  66: 'tr_country',
  67: 'ti_orderid',
  68: 'ti_sku',
  70: 'ti_category',
  71: 'ti_price',
  72: 'ti_quantity',
  77: 'useragent',
  79: 'br_family',
  98: 'os_family',
  101: 'dvce_type',
  108: 'tr_currency',
  112: 'ti_currency',
  123: 'domain_sessionid',
  124: 'derived_tstamp',
  126: 'event_name'
}
const namedColumns = Object.entries(columns).map(([place, name]) => [Number(place), name] as const)
const contextColumns = [52, 122]
const eventColumn = 58
/** The columns of the oldest version that had the last of these. */
const leastColumns = 127

/** A line of tabs as the object that the analytics SDKs make of it; undefined where it is no enriched event. */
export function readSnowplowTsv(line: string): object | undefined {
  const cells = line.split('\t')
  if (cells.length < leastColumns) return undefined
  const event: Record<string, unknown> = {}
  for (const [place, name] of namedColumns) event[name] = cells[place]
  for (const place of contextColumns) {
    for (const context of listOf(dataIn(cells[place]))) {
      const { schema, data } = context as Described
      const name = nameOf('contexts', schema)
      if (name !== undefined) event[name] = [...listOf(event[name]), data]
    }
  }
  const described = dataIn(cells[eventColumn])
  if (isObject(described)) {
    const { schema, data } = described as Described
    const name = nameOf('unstruct_event', schema)
    if (name !== undefined) event[name] = data
  }
  return event
}

/** JSON that says by which schema it is written. */
interface Described {
  readonly schema?: unknown
  readonly data?: unknown
}

function dataIn(cell: string | undefined): unknown {
  const value = cell === undefined || cell === '' ? undefined : parseInner(cell)
  return isObject(value) ? (value as Described).data : undefined
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value.filter(each => each !== null) : []

/** `iglu:com.acme/ad_click/jsonschema/1-0-0` is `contexts_com_acme_ad_click_1`. */
function nameOf(prefix: string, schema: unknown): string | undefined {
  const [, vendor, name, model] = /^iglu:([^/]+)\/([^/]+)\/[^/]+\/(\d+)-/.exec(String(schema)) ?? []
  if (vendor === undefined || name === undefined || model === undefined) return undefined
  const snake = (text: string) =>
    text
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replace(/[.-]/g, '_')
      .toLowerCase()
  return `${prefix}_${snake(vendor)}_${snake(name)}_${model}`
}
