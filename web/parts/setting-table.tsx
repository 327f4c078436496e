import type { TuneSetting } from '../../src/web/api/tune.ts'
import { depthGroups, foundDrops } from '../format/drops.ts'
import { thresholdText } from '../format/threshold.ts'
import { words } from '../format/words.ts'
import type { TriedProps } from './tried-settings.tsx'
import { Wide } from './wide.tsx'

interface SettingTableProps extends TriedProps {
  readonly setting: TuneSetting
  readonly pick: (value: number) => void
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const depths = depthGroups.filter(({ name }) => name !== 'all')

/** All settings beside each other. */
export function SettingTable({ trial, chosen, setting, pick }: SettingTableProps) {
  const hasDrops = trial.settings.some(({ drops }) => (drops?.length ?? 0) > 0)
  const hasLabels = trial.labelled_incidents > 0
  return (
    <Wide label="Table of settings">
      <table>
        <caption>
          {hasDrops && 'Drops of an hour, found of all, and the median time until then, by their depth.'}
        </caption>
        <thead>
          <tr>
            <th scope="col">{words(chosen.option)}</th>
            <th scope="col">Incidents</th>
            <th scope="col">Pages a week</th>
            {hasLabels &&
              ['Real', 'Missed', 'False', 'Expected'].map(name => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            {hasDrops &&
              depths.map(({ name }) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            <th scope="col">
              <span class="hidden">Note</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {trial.settings.map(one => (
            <tr key={one.value} class={one === setting ? 'picked' : ''}>
              <th scope="row">
                <button
                  type="button"
                  class="plain"
                  aria-pressed={one === setting}
                  onClick={() => pick(one.value)}
                >
                  {thresholdText(one.value, chosen)}
                </button>
              </th>
              <td>{number.format(one.incidents)}</td>
              <td>{number.format(one.pages_per_week)}</td>
              {hasLabels &&
                (['real', 'missed', 'false', 'expected'] as const).map(name => (
                  <td key={name}>{one[name]}</td>
                ))}
              {hasDrops && depths.map(group => <td key={group.name}>{dropsText(one, group)}</td>)}
              <td>{one.suggested ? 'suggested' : one.configured ? 'configured' : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

function dropsText({ drops }: TuneSetting, group: (typeof depths)[number]): string {
  const { found, of, minutes } = foundDrops(drops ?? [], group)
  if (of === 0) return '–'
  return `${found} of ${of}${minutes === null ? '' : `, ${number.format(minutes)} min`}`
}
