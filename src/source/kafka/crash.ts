/** KafkaJS gives up on these, although they pass once it finds a broker again. */
const passingNames: ReadonlySet<unknown> = new Set([
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError'
])

/** Whether a crash after which KafkaJS does not restart passes by itself. */
export function passesByItself(error: unknown): boolean {
  for (let one = error; typeof one === 'object' && one !== null; one = (one as { cause?: unknown }).cause) {
    if (passingNames.has((one as { name?: unknown }).name)) return true
  }
  return false
}
