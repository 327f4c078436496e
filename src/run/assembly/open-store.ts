import type { Config } from '../../config/schema.ts'
import { type OpenStoreOptions, openStore } from '../../store/open.ts'
import type { Store } from '../../store/types.ts'

/** Opens the store that the configuration names. */
export function openConfigured(
  { store }: Pick<Config, 'store'>,
  watched: Pick<OpenStoreOptions, 'onFailure' | 'mayInsert' | 'onNote'> = {}
): Promise<Store> {
  const { url, ...rest } = store
  return openStore({ ...rest, ...(url !== undefined && { url }), ...watched })
}
