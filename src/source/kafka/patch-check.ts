import { readFileSync } from 'node:fs'

/** Of each file of KafkaJS that our patch changes, what it has only then. */
export const marks: Readonly<Record<string, string>> = {
  'cluster/brokerPool.js': 'this.metadataExpireAt = performance.now()',
  'cluster/connectionPoolBuilder.js': "lastIndexOf(':')",
  'consumer/batch.js': 'offsetNumber',
  'consumer/consumerGroup.js': 'this.lastRequest = performance.now()',
  'consumer/filterAbortedMessages.js': 'Several may have begun before the fetch',
  'consumer/index.js': 'fetchBytes',
  'consumer/runner.js': 'group.generationId !== generationId',
  'index.js': 'readUncommitted',
  'network/connection.js': 'makeRoom',
  'network/requestQueue/index.js': 'this.throttledUntil - performance.now()',
  'network/requestQueue/socketRequest.js': 'this.sentAt = performance.now()',
  'network/socket.js': 'onConnect, onData })',
  'network/socketFactory.js': 'onread',
  'protocol/recordBatch/v0/decoder.js': 'Codecs.readBatch'
}

const installed = (file: string): string =>
  readFileSync(new URL(`src/${file}`, import.meta.resolve('kafkajs')), 'utf8')

/**
 * Why an instance must not run on the KafkaJS that is installed; undefined where it may. Without the patch a broken batch
 * stops it for good, a clock that is set back stops its heartbeats, and a commit may be another instance's.
 */
export function whyUnpatched(read: (file: string) => string = installed): string | undefined {
  const files = Object.entries(marks).flatMap(([file, mark]) => (read(file).includes(mark) ? [] : [file]))
  if (files.length === 0) return undefined
  return (
    `KafkaJS is installed without the patch of cartwatch (patches/; not in ${files.join(', ')}): ` +
    'run npm ci without --ignore-scripts, or node scripts/patch-modules.js'
  )
}
