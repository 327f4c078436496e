import type { KafkaTap, StoreTap } from '../../support/proxies.ts'
import type { Passing, Scene } from './faults.ts'

/** Where what passes between the processes is looked at. */
export interface Wire {
  readonly store: StoreTap
  readonly broker: KafkaTap
  readonly inbox: () => void
  readonly onPassing: Scene['onPassing']
}

interface Armed {
  readonly moment: Passing
  readonly strike: () => void
}

/** What is armed strikes once, and keeps what it struck at from passing. */
export function createWire(wait: Scene['wait']): Wire {
  let armed: Armed | undefined
  let onStruck: () => void = () => {}

  function strikes(fits: (moment: Passing) => boolean): boolean {
    if (armed === undefined || !fits(armed.moment)) return false
    const { strike } = armed
    armed = undefined
    strike()
    onStruck()
    return true
  }

  return {
    store: (passing, sql) =>
      strikes(
        moment =>
          moment.at === 'store' &&
          moment.passing === passing &&
          sql.startsWith(`INSERT INTO realtime.${moment.table} `)
      ),
    broker: (passing, apiKey) =>
      strikes(moment => moment.at === 'broker' && moment.passing === passing && moment.apiKey === apiKey),
    inbox: () => void strikes(({ at }) => at === 'inbox'),
    async onPassing(moment, strike, withinMs) {
      const struck = new Promise<boolean>(resolve => {
        onStruck = () => resolve(true)
      })
      armed = { moment, strike }
      const isStruck = await Promise.race([struck, wait(withinMs).then(() => false)])
      armed = undefined
      return isStruck
    }
  }
}
