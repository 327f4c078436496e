import type { Config } from '../../config/schema.ts'
import type { Routing } from '../../routing/router.ts'

/** What the API knows of the shop. */
export interface Shop {
  /** As it is since the last reload. */
  readonly config: () => Config
  /** As it is known now. */
  readonly currency: () => string
  /** Where incidents go. */
  readonly routing: () => Routing
}
