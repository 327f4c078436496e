import type { Loaded } from '../../config/load.ts'
import { openGroup } from '../../source/kafka/group.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { askStatus } from '../../web/ask-status.ts'
import type { StatusSource } from '../../web/types.ts'
import { groupStatusOf } from './group-status.ts'
import { anyAddress, urlOf } from './instance.ts'

/** Where the status of the group that the configuration names is asked for. */
export function statusSourceOf({ config }: Loaded, clock: Clock): StatusSource {
  const { http, kafka, pipeline } = config
  const host = anyAddress.has(http.host) ? '127.0.0.1' : http.host
  return {
    url: http.port === 0 ? undefined : urlOf({ host, port: http.port }),
    async describe() {
      const group = await openGroup({ ...kafka, clock })
      try {
        const parts = { pipeline, tenant: null, groupName: kafka.group, group, self: undefined }
        return await groupStatusOf({ ...parts, ownWork: () => undefined, ask: askStatus, clock }, 'group')
      } finally {
        await group.close()
      }
    }
  }
}
