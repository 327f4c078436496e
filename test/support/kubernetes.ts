import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'

export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels: object }
}

interface Definition {
  readonly properties?: object
  readonly 'x-kubernetes-group-version-kind'?: readonly Readonly<
    Record<'group' | 'version' | 'kind', string>
  >[]
}

/** As the API server with strict field validation: a key that is not known is refused. */
export function kubernetesValidator(): (manifest: Manifest) => unknown {
  const { definitions }: { definitions: Record<string, Definition> } = JSON.parse(
    readFileSync(new URL('./schemas/kubernetes.json', import.meta.url), 'utf8')
  )
  const strict = Object.entries(definitions).map(([name, one]) => [
    name,
    one.properties ? { ...one, additionalProperties: false } : one
  ])
  const intOrString = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString'
  const schema = {
    $id: 'kubernetes',
    definitions: { ...Object.fromEntries(strict), [intOrString]: { type: ['integer', 'string'] } }
  }
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false }).addSchema(schema)
  return function validate({ apiVersion, ...rest }) {
    const [version, group = ''] = apiVersion.split('/').reverse()
    const found = Object.entries(definitions).find(([, { 'x-kubernetes-group-version-kind': kinds = [] }]) =>
      kinds.some(one => one.group === group && one.version === version && one.kind === rest.kind)
    )
    const check = ajv.getSchema(`kubernetes#/definitions/${found?.[0]}`) as ValidateFunction
    check({ apiVersion, ...rest })
    return check.errors
  }
}
