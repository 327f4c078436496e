import type { PictureMiss } from '../../channel/picture/pictures.ts'
import type { Config } from '../../config/schema.ts'
import { createDelivery } from '../../delivery/delivery.ts'
import type { Delivery, DeliveryOptions } from '../../delivery/types.ts'
import { type Groups, noGroups } from '../../routing/router.ts'
import { channelsOf, destinationsOf } from './channels.ts'

/** What decisions on notifications ask of their delivery. */
export interface DeliveryFacts {
  /** How busy receivers are, for groups of them. */
  readonly loadOf: Groups['loadOf']
  /** Some receiver has accepted a notification of an incident at a severity. */
  readonly isDelivered: (incidentId: string, severity: string) => boolean
}

/** Where nothing is sent: as if all of it were taken at once. */
export const noDelivery: DeliveryFacts = { loadOf: noGroups.loadOf, isDelivered: () => true }

export interface ConfiguredDelivery {
  readonly delivery: Delivery
  readonly facts: DeliveryFacts
  reload(config: Config): void
  /** Closes the channels; nothing more can be sent. */
  close(): Promise<void>
}

interface ConfiguredDeliveryOptions
  extends Pick<DeliveryOptions, 'store' | 'maySend' | 'clock' | 'log' | 'onOutcome' | 'onAttempt'> {
  /** The shop's currency, asked at every message. */
  readonly currency: () => string
  /** A template failed, and the built-in message went instead; for metrics. */
  readonly onTemplateFailure?: (receiver: string) => void
  /** A message went without its picture; for metrics. */
  readonly onPictureMissed?: (receiver: string, why: PictureMiss) => void
}

const maxLogged = 100

/** The delivery over the channels of the configuration's receivers. */
export function buildDelivery(config: Config, options: ConfiguredDeliveryOptions): ConfiguredDelivery {
  const logged = new Set<string>()
  const newChannels = (next: Config) =>
    channelsOf(next, {
      ...options,
      onTemplateFailure({ receiver, notification }, template) {
        const { kind, action, incidentId: correlation_id } = notification
        options.log.warn(
          { receiver, kind, action, correlation_id, template },
          'template failed: the built-in message is sent'
        )
        options.onTemplateFailure?.(receiver)
      },
      onPictureMissed(receiver, reason, answer) {
        options.onPictureMissed?.(receiver, reason)
        const once = JSON.stringify([receiver, reason, answer])
        if (logged.has(once)) return
        // Answers of a receiver are few; times are not among them.
        if (logged.size < maxLogged) logged.add(once)
        options.log.warn({ receiver, reason, answer }, 'message without its picture; said once')
      }
    })
  let channels = newChannels(config)
  const delivery = createDelivery({
    ...options,
    ...destinationsOf(config, channels),
    rules: config.alerting,
    random: Math.random
  })
  return {
    delivery,
    facts: {
      loadOf(name) {
        const { breaker, waiting } = delivery.receiver(name)
        return { isBlocked: breaker === 'open', waiting }
      },
      isDelivered: delivery.isAccepted
    },
    reload(next) {
      const former = channels
      channels = newChannels(next)
      delivery.reload({ ...destinationsOf(next, channels), rules: next.alerting })
      void former.close()
    },
    close: () => channels.close()
  }
}
