import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { formatErrors } from '../../../src/config/errors.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { readAlert } from '../../../src/intake/format.ts'
import { type Plan, readTenants } from '../../../src/tenants/tenant-files.ts'
import { kubernetesValidator, type Manifest } from '../../support/kubernetes.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

/** The tenants of a folder that has these files, seen from a process with this environment. */
const tenantsOf = (
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  port = 8080
): Plan =>
  readTenants({
    ...{ path: 'tenants', env, port },
    list: () => Object.keys(files),
    readFile: path => files[path.replace('tenants/', '')] ?? ''
  })

interface Service {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly volumes: readonly string[]
  readonly ports: readonly string[]
}

describe('the tenants of docker-compose.yml', () => {
  const { services }: { services: Readonly<Record<string, Service>> } = parse(read('docker-compose.yml'), {
    merge: true
  })
  const { tenants: service, 'drift-alert': alert, 'gpu-producer': producer } = services
  const files = Object.fromEntries(
    (service?.volumes ?? []).map(volume => {
      const [from = '', to = ''] = volume.split(':')
      return [to.replace('/app/tenants/', ''), read(from.replace('./', ''))]
    })
  )
  const { tenants, refused, warnings } = tenantsOf(files, service?.environment ?? {})
  const configs = new Map(tenants.map(({ name, loaded: { config } }) => [name, config]))

  test('are a shop and the cost of GPUs, and share nothing', () => {
    expect([refused, warnings]).toEqual([[], []])
    expect(
      tenants.map(({ name, loaded: { config } }) => [
        name,
        config.kafka.topics,
        config.store.database,
        config.http.port
      ])
    ).toEqual([
      ['gpu-cost', ['gpu-usage'], 'gpu_cost', 8081],
      ['shop-de', ['shop-events'], 'shop_de', 8082]
    ])
    expect(service?.command).toEqual(['run', '--tenants', 'tenants', '--listen', '0.0.0.0:8080'])
    expect(service?.ports.map(port => port.split(':').at(-1))).toEqual(['8080', '8082'])
  })

  test('reach Kafka and ClickHouse as the service does', () => {
    for (const config of configs.values()) {
      expect(config.kafka.brokers).toEqual(['kafka:19092'])
      expect(config.store).toMatchObject({
        url: 'http://clickhouse:8123',
        user: 'cartwatch',
        password: 'cartwatch'
      })
    }
  })

  test('get an alert of another service, with the token of the shop', () => {
    const command = alert?.command ?? []
    expect(command).toContain(`authorization: Bearer ${configs.get('shop-de')?.http.intakeToken}`)
    expect(command).toContain(`http://tenants:${configs.get('shop-de')?.http.port}/api/alerts`)
    expect(readAlert(JSON.parse(read('deploy/examples/drift-alert.json')))).toMatchObject({ kind: 'right' })
  })

  test('get usage in the currency that they watch', () => {
    const command = producer?.command ?? []
    expect(command[command.indexOf('--currency') + 1]).toBe(configs.get('gpu-cost')?.currency)
  })
})

/** What the example uses of a Service. */
const serviceSchema = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Service'),
  metadata: z.strictObject({ name: z.string(), labels: z.object({}) }),
  spec: z.strictObject({
    selector: z.record(z.string(), z.string()),
    ports: z.array(
      z.strictObject({
        name: z.string(),
        protocol: z.literal('TCP'),
        port: z.int(),
        targetPort: z.string()
      })
    )
  })
})

interface Deployment extends Manifest {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: object }
      readonly spec: {
        readonly containers: readonly [
          {
            readonly image: string
            readonly args: readonly string[]
            readonly env?: readonly { readonly name: string; readonly value: string }[]
            readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
          }
        ]
      }
    }
  }
}

describe('deploy/examples/kubernetes.yaml', () => {
  const documents = parseAllDocuments(read('deploy/examples/kubernetes.yaml'))
  const manifests = documents.map(document => document.toJS() as Manifest)
  const [map, secret, shops, service, gpuSecret, gpu] = manifests as [
    Manifest & { readonly data: Readonly<Record<string, string>> },
    Manifest & { readonly stringData: Readonly<Record<string, string>> },
    Deployment,
    Manifest & { readonly spec: { readonly ports: readonly { readonly targetPort: string }[] } },
    Manifest & { readonly stringData: Readonly<Record<string, string>> },
    Deployment
  ]

  test('is valid by the published schemas of Kubernetes', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([])
    const validate = kubernetesValidator()
    const published = manifests.filter(({ kind }) => kind !== 'Service')
    expect(published.map(validate)).toEqual(published.map(() => null))
    expect(serviceSchema.safeParse(service).error?.issues).toBeUndefined()
  })

  test('holds two tenants that are right and share nothing, on the ports of the pod', () => {
    const files = { ...map.data, ...secret.stringData }
    const { tenants, refused, warnings } = tenantsOf(files, {})
    expect([refused, warnings]).toEqual([[], []])
    const [container] = shops.spec.template.spec.containers
    expect(container.args).toEqual(['run', '--tenants', '/etc/cartwatch', '--listen', '0.0.0.0:8080'])
    expect(tenants.map(({ name, loaded }) => [name, loaded.config.http.port])).toEqual(
      container.ports.slice(1).map(({ name, containerPort }) => [name, containerPort])
    )
  })

  test('leads alerts of other services to the port of a tenant', () => {
    const [container] = shops.spec.template.spec.containers
    expect(service.spec.ports.map(({ targetPort }) => targetPort)).toEqual(['shop-de'])
    expect(container.ports.map(({ name }) => name)).toContain('shop-de')
    expect(service).toMatchObject({ spec: { selector: shops.spec.template.metadata.labels } })
  })

  test('runs the cost pack of the image with variables that make it right', () => {
    const [container] = gpu.spec.template.spec.containers
    const path = container.args.at(-1) ?? ''
    const env = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value]))
    const loaded = loadConfig({
      ...{ path, env: { ...env, ...gpuSecret.stringData } },
      readFile: () => read(path)
    })
    if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
    expect(loaded.config).toMatchObject({
      pipeline: 'gpu-cost',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
      store: { database: 'gpu_cost', user: 'gpu_cost' },
      http: { host: '0.0.0.0', port: 8080 }
    })
    expect(read('Dockerfile')).toMatch(/^COPY packs packs$/m)
  })

  test('has no secret in it, and the image of this version', () => {
    const values = Object.values(secret.stringData).flatMap(text => text.trim().split('\n'))
    expect(values.filter(line => !line.endsWith('='))).toEqual([])
    expect(Object.values(gpuSecret.stringData).join('')).toBe('')
    const { version } = JSON.parse(read('package.json'))
    for (const { spec } of [shops, gpu])
      expect(spec.template.spec.containers[0].image).toBe(`cartwatch:${version}`)
  })
})
