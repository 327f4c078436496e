import { shownTime } from '../../time/shown-time.ts'
import { counted, span } from '../../time/texts.ts'
import type { Limit } from './seen.ts'

/** For people: what stored windows cannot answer. */
export function limitText(limit: Limit): string {
  switch (limit.kind) {
    case 'stored_from':
      return `windows are stored from ${shownTime(limit.atMs)} on, and nothing before was judged`
    case 'missing_windows':
      return `${counted(limit.missing, 'window')} of ${limit.of.toLocaleString('en')} ${limit.missing === 1 ? 'is' : 'are'} not stored`
    case 'other_size':
      return `${counted(limit.windows, 'window')} of ${span(limit.sizeMs)} were left out: stored windows cannot be cut anew, --events FILE can`
    case 'metric':
      return `${limit.metric} has no stored value: what the configuration watches it for was not judged. --events FILE counts it`
    case 'dimension':
      return `${limit.dimension} has no stored segments, so its values were not judged. --events FILE counts them`
    case 'segments_from':
      return `segments of ${limit.dimension} are stored from ${shownTime(limit.atMs)} on; before, only the whole shop was judged`
    default:
      return limit satisfies never
  }
}
