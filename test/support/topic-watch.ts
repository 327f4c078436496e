import type { TopicWatch } from '../../src/decode/stream/stream-watch.ts'

/** Sees nothing and says nothing. */
export const noTopicWatch: TopicWatch = {
  observe: () => () => {},
  exampleOf: () => undefined,
  reject: () => {},
  repeat: () => {},
  health: () => new Map()
}
