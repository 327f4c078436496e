import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { receiverVariables } from '../../../src/config/default-receivers.ts'
import { formatErrors } from '../../../src/config/errors.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { isSecretVariable } from '../../../src/config/secrets.ts'
import { knownVariables } from '../../../src/config/variables.ts'
import { kubernetesValidator, type Manifest } from '../../support/kubernetes.ts'

interface ConfigMap extends Manifest {
  readonly data: Readonly<Record<string, string>>
}

interface Secret extends Manifest {
  readonly stringData: Readonly<Record<string, string>>
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string }
}

interface Container {
  readonly image: string
  readonly args: readonly string[]
  readonly envFrom: readonly { readonly secretRef: { readonly name: string } }[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly startupProbe: Probe
  readonly livenessProbe: Probe
  readonly readinessProbe: Probe
  readonly securityContext: object
  readonly resources: { readonly limits: object }
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
}

interface Pod {
  readonly terminationGracePeriodSeconds: number
  readonly automountServiceAccountToken: boolean
  readonly enableServiceLinks: boolean
  readonly securityContext: object
  readonly containers: readonly [Container]
  readonly volumes: readonly {
    readonly name: string
    readonly configMap?: { readonly name: string }
    readonly secret?: { readonly secretName: string; readonly optional?: boolean }
    readonly emptyDir?: object
  }[]
}

interface Deployment extends Manifest {
  readonly spec: {
    readonly replicas: number
    readonly selector: { readonly matchLabels: object }
    readonly strategy: object
    readonly template: { readonly metadata: { readonly labels: object }; readonly spec: Pod }
  }
}

interface NetworkPolicy extends Manifest {
  readonly spec: { readonly egress: readonly { readonly ports: readonly { readonly port: number }[] }[] }
}

interface DisruptionBudget extends Manifest {
  readonly spec: { readonly minAvailable: number; readonly selector: { readonly matchLabels: object } }
}

const labels = z.strictObject({ matchLabels: z.record(z.string(), z.string()) })
const ports = z
  .array(z.strictObject({ protocol: z.enum(['TCP', 'UDP']), port: z.int().min(1).max(65_535) }))
  .min(1)
const peers = z.array(
  z.union([z.strictObject({ podSelector: labels }), z.strictObject({ namespaceSelector: labels })])
)
/** What the manifest uses of a NetworkPolicy, in which a wrong key would open or close everything. */
const networkPolicy = z.strictObject({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('NetworkPolicy'),
  metadata: z.strictObject({ name: z.literal('cartwatch'), labels: z.object({}) }),
  spec: z.strictObject({
    podSelector: labels,
    policyTypes: z.tuple([z.literal('Ingress'), z.literal('Egress')]),
    ingress: z.array(z.strictObject({ from: peers.min(1), ports })),
    egress: z.array(z.strictObject({ to: peers.min(1).optional(), ports }))
  })
})

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

const documents = parseAllDocuments(read('deploy/kubernetes.yaml'))
const manifests = documents.map(document => document.toJS() as Manifest)
const [configMap, secret, deployment, budget, policy] = manifests as [
  ConfigMap,
  Secret,
  Deployment,
  DisruptionBudget,
  NetworkPolicy
]
const { spec: pod, metadata: podMetadata } = deployment.spec.template
const [container] = pod.containers

describe('deploy/kubernetes.yaml', () => {
  test('is YAML of a ConfigMap, a Secret, a Deployment, a PodDisruptionBudget and a NetworkPolicy', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([])
    expect(manifests.map(({ kind }) => kind)).toEqual([
      'ConfigMap',
      'Secret',
      'Deployment',
      'PodDisruptionBudget',
      'NetworkPolicy'
    ])
  })

  test('is valid by the published schemas of Kubernetes', () => {
    const validate = kubernetesValidator()
    const published = manifests.filter(({ kind }) => kind !== 'NetworkPolicy')
    expect(published.map(validate)).toEqual(published.map(() => null))
    const wrong = structuredClone(deployment)
    Object.assign(wrong.spec.template.spec, { terminationGracePeriod: 20 })
    expect(validate(wrong)).toMatchObject([{ params: { additionalProperty: 'terminationGracePeriod' } }])
  })

  test('holds a configuration that is right with the Secret as its environment', () => {
    const source = configMap.data['cartwatch.yaml'] ?? ''
    const loaded = loadConfig({ path: 'cartwatch.yaml', env: secret.stringData, readFile: () => source })
    if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
    // The Secret is an example: its ClickHouse is in the cluster.
    expect(loaded.warnings).toEqual([expect.stringMatching(/^store\.url begins with http:/)])
    expect(loaded.config.store.url).toMatch(/^http:\/\/clickhouse/)
    expect(loaded.config.http).toMatchObject({ host: '0.0.0.0', port: 8080 })
  })

  test('holds a configuration that stays right with the lines that are commented out', () => {
    const source = (configMap.data['cartwatch.yaml'] ?? '').replaceAll(/^( *)# (?=(tls|sasl): \{)/gm, '$1')
    const files: string[] = []
    const loaded = loadConfig({
      path: 'cartwatch.yaml',
      env: { KAFKA_PASSWORD: 'given' },
      readFile(path) {
        files.push(path)
        return path === 'cartwatch.yaml' ? source : 'no certificate'
      }
    })
    const mounts = container.volumeMounts.map(({ mountPath }) => mountPath)
    expect(files.slice(1).filter(file => !mounts.some(path => file.startsWith(`${path}/`)))).toEqual([])
    expect(loaded.ok ? [] : loaded.errors.map(({ path }) => path)).toEqual([
      'kafka.tls.ca',
      'kafka.tls.cert',
      'kafka.tls.key'
    ])
  })

  test('has no secret in it, and names every variable that may hold one', () => {
    const known = [...knownVariables.map(({ name }) => name), ...receiverVariables]
    expect(Object.keys(secret.stringData).toSorted()).toEqual(known.filter(isSecretVariable).toSorted())
    expect(Object.values(secret.stringData).join('')).toBe('')
  })

  test('runs two instances, one of which may be away', () => {
    expect(deployment.spec.replicas).toBe(2)
    expect(deployment.spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0 }
    })
    expect(budget.spec.minAvailable).toBe(1)
    for (const { matchLabels } of [deployment.spec.selector, budget.spec.selector]) {
      expect(podMetadata.labels).toMatchObject(matchLabels)
    }
  })

  test('lets instances reach each other, Kafka and ClickHouse as they are configured, and receivers', () => {
    expect(networkPolicy.safeParse(policy).error?.issues).toBeUndefined()
    const source = configMap.data['cartwatch.yaml'] ?? ''
    const loaded = loadConfig({ path: 'cartwatch.yaml', env: {}, readFile: () => source })
    if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
    const { kafka, store, http } = loaded.config
    const needed = [...kafka.brokers.map(broker => broker.split(':')[1]), new URL(store.url ?? '').port]
    const out = policy.spec.egress.flatMap(({ ports }) => ports.map(({ port }) => port))
    expect(out).toEqual(expect.arrayContaining([...needed.map(Number), http.port, 53, 443]))
    expect(container.resources.limits).toEqual({ memory: '1Gi', 'ephemeral-storage': '1Gi' })
  })

  test('asks the operations port whether it lives and is ready', () => {
    const paths = [container.startupProbe, container.livenessProbe, container.readinessProbe]
    expect(paths.map(({ httpGet }) => httpGet.path)).toEqual(['/healthz', '/healthz', '/readyz'])
    expect(paths.every(({ httpGet }) => httpGet.port === container.ports[0]?.name)).toBe(true)
    expect(container.ports).toEqual([{ name: 'http', containerPort: 8080 }])
  })

  test('gives no privileges', () => {
    expect(pod.securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' }
    })
    expect(container.securityContext).toEqual({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] }
    })
    expect(pod.automountServiceAccountToken).toBe(false)
    expect(pod.enableServiceLinks).toBe(false)
  })

  test('mounts what is there, and a place to write for all that writes', () => {
    expect(container.volumeMounts.map(({ name }) => name)).toEqual(pod.volumes.map(({ name }) => name))
    const named = pod.volumes.flatMap(({ configMap: map, secret: files }) => [
      ...(map ? [map.name] : []),
      ...(files && !files.optional ? [files.secretName] : [])
    ])
    const there = manifests.map(({ metadata }) => metadata.name)
    expect(
      [...named, ...container.envFrom.map(({ secretRef }) => secretRef.name)].every(name =>
        there.includes(name)
      )
    ).toBe(true)
    const writable = pod.volumes.filter(({ emptyDir }) => emptyDir).map(({ name }) => name)
    const paths = container.volumeMounts.filter(({ name }) => writable.includes(name))
    expect(paths.map(({ mountPath }) => mountPath)).toEqual(['/app/data', '/tmp'])
  })

  test('waits for a stop longer than one is allowed to take', () => {
    const stopMs = Number(/^const stopMs = ([\d_]+)$/m.exec(read('src/running.ts'))?.[1]?.replace('_', ''))
    expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(stopMs)
  })

  test('runs the image of this version with the configuration that it mounts', () => {
    const { version } = JSON.parse(read('package.json'))
    expect(container.image).toBe(`cartwatch:${version}`)
    expect(container.args).toEqual(['run', '--config', '/etc/cartwatch/cartwatch.yaml'])
    expect(Object.keys(configMap.data)).toEqual(['cartwatch.yaml'])
  })
})
