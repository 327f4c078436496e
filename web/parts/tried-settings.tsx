import { useSignal } from '@preact/signals'
import type { TuneAnswer, TuneSetting, TuneTrial } from '../../src/web/api/tune.ts'
import { thresholdText } from '../format/threshold.ts'
import { words } from '../format/words.ts'
import { SettingChart } from './setting-chart.tsx'
import { SettingFigures } from './setting-figures.tsx'
import { SettingTable } from './setting-table.tsx'
import { Snippet } from './snippet.tsx'

export interface TriedProps {
  readonly trial: TuneTrial
  readonly chosen: TuneAnswer['kinds'][number]
}

interface TriedSettingsProps extends TriedProps {
  /** Tries a further value; absent where that may not be done now. */
  readonly onTry?: (value: number) => void
}

/** The settings that were tried, of which a slider chooses one. */
export function TriedSettings({ trial, chosen, onTry }: TriedSettingsProps) {
  const { settings } = trial
  const picked = useSignal<number | null>(null)
  const usual = settings.find(({ configured }) => configured)
  const setting =
    settings.find(({ value }) => value === picked.value) ?? usual ?? (settings[0] as TuneSetting)
  const place = settings.indexOf(setting)
  const name = words(chosen.option)
  const text = `${thresholdText(setting.value, chosen)}${noteOf(setting)}`
  const pick = (value: number) => {
    picked.value = value
  }
  return (
    <>
      <div class="slider">
        <label for="threshold">
          {name}: <output for="threshold">{text}</output>
        </label>
        <input
          id="threshold"
          type="range"
          min={0}
          max={settings.length - 1}
          step={1}
          value={place}
          list="thresholds"
          aria-valuetext={text}
          onInput={event => pick(settings[Number(event.currentTarget.value)]?.value ?? setting.value)}
        />
        <datalist id="thresholds">
          {settings.map(({ value }, at) => (
            <option key={value} value={at} label={thresholdText(value, chosen)} />
          ))}
        </datalist>
        <p class="ends">
          <span>finds more</span>
          <span>finds less</span>
        </p>
      </div>
      <SettingFigures {...{ setting, usual, trial }} />
      <SettingChart {...{ trial, chosen, setting }} />
      <SettingTable {...{ trial, chosen, setting, pick }} />
      {onTry && <Further {...{ chosen, onTry, pick }} />}
      <Snippet yaml={setting.yaml} />
    </>
  )
}

const noteOf = ({ configured, suggested }: TuneSetting): string =>
  `${configured ? ', as configured' : ''}${suggested ? ', suggested' : ''}`

interface FurtherProps extends Pick<TriedProps, 'chosen'> {
  readonly onTry: (value: number) => void
  readonly pick: (value: number) => void
}

/** A value between the steps of the slider, or beyond them. */
function Further({ chosen, onTry, pick }: FurtherProps) {
  const typed = useSignal('')
  const isShare = chosen.unit === 'share'
  const number = Number.parseFloat(typed.value)
  const value = isShare ? number / 100 : number
  return (
    <form
      class="choices"
      onSubmit={event => {
        event.preventDefault()
        if (!(value > 0)) return
        pick(value)
        onTry(value)
      }}
    >
      <label>
        Another value{isShare ? ', in %' : ''}
        <input
          type="number"
          min={0}
          step="any"
          value={typed.value}
          onInput={event => {
            typed.value = event.currentTarget.value
          }}
        />
      </label>
      <button type="submit" disabled={!(value > 0)}>
        Try it
      </button>
    </form>
  )
}
