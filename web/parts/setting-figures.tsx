import type { TuneSetting, TuneTrial } from '../../src/web/api/tune.ts'
import { depthGroups, foundDrops } from '../format/drops.ts'

interface SettingFiguresProps {
  readonly setting: TuneSetting
  /** The configured one; undefined where it was not tried. */
  readonly usual: TuneSetting | undefined
  readonly trial: TuneTrial
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const [all] = depthGroups.filter(({ name }) => name === 'all')

/** What a setting comes to, each figure beside that of the configured one. */
export function SettingFigures({ setting, usual, trial }: SettingFiguresProps) {
  const figures = [
    figure('Incidents', setting, usual, one => one.incidents),
    figure('Pages a week', setting, usual, one => one.pages_per_week),
    ...(setting.drops && setting.drops.length > 0 && all
      ? [
          {
            name: 'Drops found',
            text: dropsText(setting),
            than: usual && usual !== setting ? dropsText(usual) : null
          }
        ]
      : []),
    ...(trial.labelled_incidents > 0
      ? [
          figure('Labelled false', setting, usual, one => one.false),
          figure('Real ones missed', setting, usual, one => one.missed)
        ]
      : [])
  ]
  return (
    <dl class="figures" aria-live="polite">
      {figures.map(({ name, text, than }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{text}</b>
            {than !== null && <span class="quiet"> configured: {than}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function figure(
  name: string,
  setting: TuneSetting,
  usual: TuneSetting | undefined,
  of: (one: TuneSetting) => number
) {
  return {
    name,
    text: number.format(of(setting)),
    than: usual && usual !== setting ? number.format(of(usual)) : null
  }
}

function dropsText({ drops }: TuneSetting): string {
  if (drops === null || all === undefined) return ''
  const { found, of, minutes } = foundDrops(drops, all)
  return `${found} of ${of}${minutes === null ? '' : `, half of them in ${number.format(minutes)} min`}`
}
