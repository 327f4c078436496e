import type { Signal } from '@preact/signals'

interface ChoiceProps {
  readonly label: string
  readonly chosen: Signal<string>
  /** Values, each with the name that people read. */
  readonly from: readonly (readonly [value: string, name: string])[]
}

/** One of several. */
export function Choice({ label, chosen, from }: ChoiceProps) {
  return (
    <label>
      {label}
      <select
        value={chosen.value}
        onChange={event => {
          chosen.value = event.currentTarget.value
        }}
      >
        {from.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Any, or one of these. */
export const anyOf = (names: readonly string[]): [value: string, name: string][] => [
  ['', 'any'],
  ...names.map((name): [string, string] => [name, name])
]
