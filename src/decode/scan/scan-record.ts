import { frameHeadLength } from '../envelope.ts'
import { native } from '../layouts/native.ts'
import type { ScannedEvent } from '../scanned-event.ts'
import { type DecodeOptions, type ExtraValue, noExtra } from '../types.ts'
import { EventWriter, fieldAt } from './event-writer.ts'
import { isEnd, KeyGraph, type KeyNode } from './key-graph.ts'
import { type ScanKeys, scanKeysOf } from './scan-keys.ts'
import { ValueCache } from './value-cache.ts'
import { ValueReader } from './value-reader.ts'

/**
 * Reads the event in the bytes from `start` to `end`; undefined where that has to be done by a parse. The event is the same object
 * each time: it holds until the next call (`keptEvent`).
 */
export type ScanRecord = (bytes: Buffer, start: number, end: number) => ScannedEvent | undefined

/** Undefined for a layout whose records must be parsed. */
export function createScanRecord(options: DecodeOptions): ScanRecord | undefined {
  const keys = scanKeysOf(options.layout ?? native, options.extraFields ?? [])
  if (keys === undefined) return undefined
  const actions = actionsOf(keys)
  if (actions === undefined) return undefined
  const scan = new RecordScan(options, keys, actions)
  return (bytes, start, end) => scan.read(bytes, start, end)
}

/** What is done with the value of a key. */
type Action =
  | { readonly kind: 'time' | 'type' | 'envelope' }
  | { readonly kind: 'ids' | 'decimals'; readonly fields: readonly number[]; readonly bits: number }
  | {
      readonly kind: 'names'
      readonly fields: readonly number[]
      readonly bits: number
      readonly known: ValueCache<string>
    }
  | { readonly kind: 'further'; readonly place: number; readonly known: ValueCache<ExtraValue> }

const { event_time, event_type, event_id, user_id, session_id, order_id, price, quantity } = fieldAt
const idFields: readonly number[] = [event_id, user_id, session_id, order_id]
const decimalFields: readonly number[] = [price, quantity]

/** Undefined where a key is of fields that are read in different ways. */
function actionsOf({ fields, extras }: ScanKeys): readonly Action[] | undefined {
  const actions = fields.map((own, place): Action | undefined => {
    const extra = extras[place] as number
    if (own.length === 0)
      return extra < 0 ? { kind: 'envelope' } : { kind: 'further', place: extra, known: new ValueCache() }
    const bits = own.reduce((all, field) => all | (1 << field), 0)
    if (own.every(field => idFields.includes(field))) return { kind: 'ids', fields: own, bits }
    if (own.every(field => decimalFields.includes(field))) return { kind: 'decimals', fields: own, bits }
    if (own.includes(event_time)) return { kind: 'time' }
    if (own.includes(event_type)) return own.length === 1 ? { kind: 'type' } : undefined
    if (own.some(field => idFields.includes(field) || decimalFields.includes(field))) return undefined
    return { kind: 'names', fields: own, bits, known: new ValueCache() }
  })
  return actions.every(action => action !== undefined) ? actions : undefined
}

class RecordScan {
  private readonly maxBytes: number
  private readonly extraCount: number
  private readonly actions: readonly Action[]
  private readonly graph: KeyGraph
  private readonly writer: EventWriter
  private readonly values: ValueReader

  constructor(options: DecodeOptions, keys: ScanKeys, actions: readonly Action[]) {
    this.maxBytes = options.maxBytes
    this.extraCount = keys.extraCount
    this.actions = actions
    this.graph = new KeyGraph(keys.placeOf)
    this.writer = new EventWriter(options)
    this.values = new ValueReader(options, this.writer)
  }

  read(bytes: Buffer, start: number, end: number): ScannedEvent | undefined {
    if (end - start > this.maxBytes || start >= end) return undefined
    const { graph, writer, values, extraCount } = this
    values.open(bytes)
    writer.begin(bytes)
    if (extraCount > 0) values.extra = new Array(extraCount).fill(undefined)
    // The keys that have come, a bit each: the last of two would count.
    let seen = 0
    let node: KeyNode | undefined = graph.root
    let at = bytes[start] === frameMark ? start + frameHeadLength : start
    for (;;) {
      node = graph.next(node, bytes, values.texts.view, at, end)
      if (node === undefined) break
      const { place } = node
      if (place < 0) at = values.skip(graph.valueStart, end)
      else {
        const bit = 1 << place
        if ((seen & bit) !== 0) return undefined
        seen |= bit
        at = this.value(this.actions[place] as Action, graph.valueStart, end)
      }
      if (at === -1) return undefined
    }
    if (!isEnd(bytes, at, end)) return undefined
    return writer.finish(extraCount > 0 ? values.extra : noExtra)
  }

  /** Behind the value of a key; -1 where a parse has to read it. */
  private value(action: Action, start: number, limit: number): number {
    const { values } = this
    switch (action.kind) {
      case 'names':
        return values.names(action.fields, action.bits, action.known, start, limit)
      case 'ids':
        return values.ids(action.fields, action.bits, start, limit)
      case 'time':
        return values.time(start, limit)
      case 'type':
        return values.type(start, limit)
      case 'decimals':
        return values.decimals(action.fields, action.bits, start, limit)
      case 'further':
        return values.furtherField(action.place, action.known, start, limit)
      case 'envelope':
        // Around an event, it says that more is to be looked at.
        return -1
      default:
        return action satisfies never
    }
  }
}

const frameMark = 0
