import { english } from '../src/language/translator.ts'

/** A kind of alert that another service raises and sends to us: nothing here finds it. */
interface ServiceKind<Name extends string = string> {
  readonly kind: Name
  readonly title: string
  readonly checkFirst: string
  /** Which receiver it goes to if the environment alone names receivers. */
  readonly area: 'technical'
  readonly about: 'service'
  readonly source: 'service'
}

const serviceKind = <const Name extends string>(kind: Name): ServiceKind<Name> => ({
  kind,
  get title() {
    return english(`kind.${kind}.title`)
  },
  get checkFirst() {
    return english(`kind.${kind}.check_first`)
  },
  area: 'technical',
  about: 'service',
  source: 'service'
})

/** In the order of docs/intake.md. */
export const serviceKinds = [
  serviceKind('drift'),
  serviceKind('policy_violation'),
  serviceKind('safety_event'),
  serviceKind('alert')
] as const satisfies readonly ServiceKind[]
