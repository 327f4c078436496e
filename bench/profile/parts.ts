/** What a part of the program is, by the files that it consists of. The first that fits a file is its part. */
const parts: readonly (readonly [part: string, files: RegExp])[] = [
  ['checksum', /\/src\/source\/kafka\/crc32c/],
  ['decompression', /\/src\/source\/kafka\/codecs|\/node_modules\/(snappyjs|lz4js)\/|^node:zlib/],
  ['records of a batch', /\/src\/source\/kafka\/[\w-]*(batch|record|undecodable|table)[\w-]*\.ts/],
  [
    'sockets and KafkaJS',
    /\/node_modules\/kafkajs\/|\/src\/source\/|^node:(net|tls|internal\/(stream_base_commons|streams))/
  ],
  ['decode', /\/src\/decode\/|\/src\/source\/record|\/ingest-record\.ts/],
  [
    'close and judge',
    /\/src\/metrics\/(evaluate|segments|values|fields|faults|late-partitions)\.ts|\/src\/(decide|incident|routing|selfcheck|delivery|language)\/|\/detectors\/|\/src\/window\/(closer|orders\/)/
  ],
  ['windows', /\/src\/(window|metrics|ingest)\//],
  ['store', /\/src\/store\/|\/node_modules\/@clickhouse\/|^node:(http|_http|https)/],
  ['metrics and pages', /\/src\/(web|telemetry)\/|\/node_modules\/(prom-client|fastify|pino)/]
]

/** In the order in which they are shown. */
export const partNames: readonly string[] = [
  'sockets and KafkaJS',
  'checksum',
  'decompression',
  'records of a batch',
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

/** The part that a file belongs to; undefined where only who calls it says so. */
export const partOf = (url: string): string | undefined => parts.find(([, files]) => files.test(url))?.[0]
