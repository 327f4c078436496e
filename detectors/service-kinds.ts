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

const serviceKind = <const Name extends string>(
  kind: Name,
  title: string,
  checkFirst: string
): ServiceKind<Name> => ({ kind, title, checkFirst, area: 'technical', about: 'service', source: 'service' })

/** In the order of docs/intake.md. */
export const serviceKinds = [
  serviceKind(
    'drift',
    'Drift',
    'See what changed in the data that this model gets, and when it was trained last.'
  ),
  serviceKind(
    'policy_violation',
    'Policy violation',
    'Read the audit log of this model. Stop what it decides for the groups named here until somebody has looked.'
  ),
  serviceKind('safety_event', 'Safety event', 'Read the logs of this model around that time.'),
  serviceKind('alert', 'Alert', 'Look at the service that raised it.')
] as const satisfies readonly ServiceKind[]
