import type { Config } from '../../config/schema.ts'
import { createDelivery } from '../../delivery/delivery.ts'
import type { Delivery, DeliveryOptions } from '../../delivery/types.ts'
import type { Groups } from '../../routing/router.ts'
import { channelsOf, destinationsOf } from './channels.ts'

export interface ConfiguredDelivery {
  readonly delivery: Delivery
  /** How busy receivers are, for groups of them. */
  readonly loadOf: Groups['loadOf']
  reload(config: Config): void
  /** Closes the channels; nothing more can be sent. */
  close(): Promise<void>
}

interface ConfiguredDeliveryOptions
  extends Pick<DeliveryOptions, 'store' | 'maySend' | 'clock' | 'log' | 'onOutcome' | 'onAttempt'> {
  /** The shop's currency, asked at every message. */
  readonly currency: () => string
}

/** The delivery over the channels of the configuration's receivers. */
export function buildDelivery(config: Config, options: ConfiguredDeliveryOptions): ConfiguredDelivery {
  let channels = channelsOf(config, options)
  const delivery = createDelivery({
    ...options,
    ...destinationsOf(config, channels),
    rules: config.alerting,
    random: Math.random
  })
  return {
    delivery,
    loadOf(name) {
      const { breaker, waiting } = delivery.receiver(name)
      return { isBlocked: breaker === 'open', waiting }
    },
    reload(next) {
      const former = channels
      channels = channelsOf(next, options)
      delivery.reload({ ...destinationsOf(next, channels), rules: next.alerting })
      void former.close()
    },
    close: () => channels.close()
  }
}
