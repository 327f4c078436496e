/** What KafkaJS takes for final and is over once a broker is back: it knew of none for a moment. */
const passingNames: ReadonlySet<unknown> = new Set([
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError'
])

/** Whether a crash that KafkaJS does not restart from passes by itself. */
export function passesByItself(error: unknown): boolean {
  for (let one = error; typeof one === 'object' && one !== null; one = (one as { cause?: unknown }).cause) {
    if (passingNames.has((one as { name?: unknown }).name)) return true
  }
  return false
}
