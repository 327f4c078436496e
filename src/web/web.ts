import type { AppOptions } from './app.ts'
import { createPort } from './port.ts'
import type { Web } from './types.ts'

export type WebOptions = AppOptions

/** The one port of an instance. */
export const createWeb = (options: WebOptions): Web =>
  createPort(options.http, async server => (await import('./app.ts')).createApp(server, options))
