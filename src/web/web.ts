import type { AppOptions } from './app.ts'
import { createPort, type PortOptions } from './port.ts'
import type { Web } from './types.ts'

export interface WebOptions extends PortOptions, AppOptions {}

/** The one port of an instance. */
export const createWeb = (options: WebOptions): Web =>
  createPort(options, async server => (await import('./app.ts')).createApp(server, options))
