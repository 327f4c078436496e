import type { Settings } from './document.ts'
import { pathText } from './errors.ts'
import type { LookUp } from './interpolate.ts'

/** What a command uses of the sections that hold addresses and secrets of others. */
export type Used = 'kafka' | 'store' | 'http.host' | 'http.port' | 'templates'

const sections: ReadonlySet<PropertyKey | undefined> = new Set([
  'kafka',
  'store',
  'http',
  'receivers',
  'alerting'
])

/** The variables at a path: one that cannot be had is a mistake only where it is used. Without `used` all are. */
export function lookUpOf(
  lookUpAt: (path: readonly PropertyKey[]) => LookUp,
  used: readonly Used[] | undefined
) {
  const lenient =
    (lookUp: LookUp): LookUp =>
    name => {
      const variable = lookUp(name)
      return 'value' in variable && variable.value !== undefined ? variable : { unneeded: true }
    }
  const isUsed = (path: readonly PropertyKey[]) =>
    used === undefined ||
    !sections.has(path[0]) ||
    used.some(one => one === path[0] || one === pathText(path.slice(0, 2)))
  return {
    lookUpAt: (path: readonly PropertyKey[]) => (isUsed(path) ? lookUpAt(path) : lenient(lookUpAt(path))),
    isUsed
  }
}

/** Nobody reads these values: each only has to be of a form that its key takes. */
const sampleValues: readonly unknown[] = [
  'unset-for-cartwatch',
  'https://unset-for-cartwatch.invalid/unset',
  'unset@unset-for-cartwatch.invalid',
  'unset-for-cartwatch.invalid:1',
  'xoxb-unset-for-cartwatch',
  'f'.repeat(32),
  '1h',
  1
]

/** Puts a value of the right form where one is missing; `isWrongAt` says whether what is there is taken. */
export function fillOpen(
  { value, open }: Pick<Settings, 'value' | 'open'>,
  isWrongAt: (path: readonly PropertyKey[]) => boolean
): void {
  for (const path of open) {
    for (const sample of sampleValues) {
      putAt(value, path, sample)
      if (!isWrongAt(path)) break
    }
  }
}

/** Puts a value where there is one already. */
export function putAt(value: unknown, path: readonly PropertyKey[], sample: unknown): void {
  const holder = path.slice(0, -1).reduce<unknown>((inner, step) => Reflect.get(Object(inner), step), value)
  const last = path.at(-1)
  if (last !== undefined && typeof holder === 'object' && holder !== null) Reflect.set(holder, last, sample)
}
