/** What a part of the program is, by the files that it consists of. The first that fits a file is its part. */
const parts: readonly (readonly [part: string, files: RegExp])[] = [
  ['checksum', /\/src\/source\/kafka\/crc32c/],
  ['decompression', /\/src\/source\/kafka\/codecs|\/node_modules\/(snappyjs|lz4js)\//],
  ['slices between threads', /\/src\/source\/kafka\/(slices|readers)\//],
  ['records of a batch', /\/src\/source\/kafka\/[\w-]*(batch|record|undecodable|fetch-walk)[\w-]*\.ts/],
  ['sockets and KafkaJS', /\/node_modules\/kafkajs\/|\/src\/source\//],
  ['decode', /\/src\/decode\/|\/ingest-record\.ts/],
  [
    'close and judge',
    /\/src\/metrics\/(evaluate|compiled|segments|dimension-values|values|fields|faults|late-partitions)\.ts|\/src\/(decide|incident|routing|selfcheck|delivery|language)\/|\/detectors\/|\/src\/window\/(closer|orders\/)/
  ],
  ['windows', /\/src\/(window|metrics|ingest)\//],
  ['store', /\/src\/store\/|\/node_modules\/@clickhouse\//],
  ['metrics and pages', /\/src\/(web|telemetry)\/|\/node_modules\/(prom-client|fastify|pino)/]
]

/** In the order in which they are shown. */
export const partNames: readonly string[] = [
  'sockets and KafkaJS',
  'checksum',
  'decompression',
  'records of a batch',
  'slices between threads',
  'decode',
  'windows',
  'close and judge',
  'store',
  'metrics and pages',
  'garbage collection',
  'outside of JavaScript',
  'other threads',
  'the rest'
]

/** What Node calls by itself, as when bytes have come: of Kafka, or over HTTP of the store. */
const ofNode: typeof parts = [
  ['store', /^node:_?http/],
  ['sockets and KafkaJS', /^node:(net|tls|internal\/stream)/]
]

/** Of what none of the parts has called. */
export const noPart = 'the rest'

/** The part that a file belongs to; of what Node and libraries do, that of who called it. */
export function partOf(url: string, ofCaller: string): string {
  const named = (list: typeof parts) => list.find(([, files]) => files.test(url))?.[0]
  return named(parts) ?? (ofCaller === noPart ? named(ofNode) : undefined) ?? ofCaller
}
