import type { ReceiverSettings } from '../routing/receiver.ts'
import type { RenderOptions } from './types.ts'

/** What messages to a receiver have in common: its own language comes before that of all. */
export function inLanguageOf({ language }: ReceiverSettings, renderOptions: RenderOptions): RenderOptions {
  if (language === undefined) return renderOptions
  return {
    ...renderOptions,
    language,
    // Asked at every message.
    get currency() {
      return renderOptions.currency
    }
  }
}
