import type { Config } from '../../config/schema.ts'
import { createDelivery } from '../../delivery/delivery.ts'
import type { Delivery, DeliveryOptions } from '../../delivery/types.ts'
import { channelsOf, destinationsOf } from './channels.ts'

export interface ConfiguredDelivery {
  readonly delivery: Delivery
  reload(config: Config): void
  /** Closes the channels; nothing more can be sent. */
  close(): Promise<void>
}

/** The delivery over the channels of the configuration's receivers. */
export function buildDelivery(
  config: Config,
  options: Pick<DeliveryOptions, 'store' | 'maySend' | 'clock' | 'log' | 'onOutcome' | 'onAttempt'>
): ConfiguredDelivery {
  let channels = channelsOf(config, options.clock)
  const delivery = createDelivery({
    ...options,
    ...destinationsOf(config, channels),
    rules: config.alerting,
    random: Math.random
  })
  return {
    delivery,
    reload(next) {
      const former = channels
      channels = channelsOf(next, options.clock)
      delivery.reload({ ...destinationsOf(next, channels), rules: next.alerting })
      void former.close()
    },
    close: () => channels.close()
  }
}
