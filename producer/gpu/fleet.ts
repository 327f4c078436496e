/** A machine with GPUs that is paid for by the hour. */
export interface Resource {
  readonly id: string
  readonly gpu: string
  readonly provider: string
  readonly model: string
  /** In units of the currency. */
  readonly perHour: number
}

/** Of each kind of GPU so many of 18 resources. */
const gpus = [
  { gpu: 'H100', of18: 6, perHour: 14.4 },
  { gpu: 'A100', of18: 6, perHour: 8.2 },
  { gpu: 'L40S', of18: 4, perHour: 4.1 },
  { gpu: 'T4', of18: 2, perHour: 1.4 }
]
const kinds = gpus.flatMap(kind => new Array<(typeof gpus)[number]>(kind.of18).fill(kind))
const providers = [
  { provider: 'aws', factor: 1.04 },
  { provider: 'gcp', factor: 1 },
  { provider: 'coreweave', factor: 0.88 }
] as const
const models = ['ranker', 'search-embedding', 'chat', 'vision', 'forecast'] as const

/** The `number`-th resource, from 1, under a name of its own. */
function resource(number: number, prefix: string): Resource {
  const { gpu, perHour } = kinds[(number * 7) % kinds.length] as (typeof gpus)[number]
  const { provider, factor } = providers[number % providers.length] as (typeof providers)[number]
  return {
    id: `${prefix}-${String(number).padStart(2, '0')}`,
    gpu,
    provider,
    model: models[number % models.length] as string,
    perHour: perHour * factor
  }
}

const resources = (count: number, prefix: string): readonly Resource[] =>
  Array.from({ length: count }, (_, index) => resource(index + 1, prefix))

/** What always runs: three dozen, at about 7,200 a day. */
export const baseResources = resources(36, 'gpu')

/** What runs beside them in a burn, as a share of them. */
export const burstResources = (share: number) =>
  resources(Math.round(share * baseResources.length), 'gpu-burst')
