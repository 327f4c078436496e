import { type ConfiguredLabels, type Labelled, labelsOf, type Subject } from './matchers.ts'

export interface LabelledAlert {
  readonly status: string
  readonly labelled: Labelled
}

type AlertOfSubject = NonNullable<Subject['alerts']>[number]

/** Gives what matchers look at; kept for each subject as long as it is unchanged. */
export function createLabelling(context: ConfiguredLabels & { readonly pipeline: string }) {
  const knownLabels = new WeakMap<Subject, readonly LabelledAlert[]>()

  /** What a subject is about: the alert that leads first, then the others, all at the severity of the whole. */
  return function labelledAlerts(subject: Subject): readonly LabelledAlert[] {
    const known = knownLabels.get(subject)
    if (known !== undefined) return known
    const { kind, segment, severity, alerts = [] } = subject
    const isLead = (one: Pick<Subject, 'kind' | 'segment'>) => one.kind === kind && one.segment === segment
    const lead: AlertOfSubject = alerts.find(isLead) ?? { kind, segment, status: 'open' }
    const made = [lead, ...alerts.filter(one => !isLead(one))].map(one => ({
      status: one.status,
      labelled: {
        ...{ kind: one.kind, segment: one.segment, severity, pipeline: context.pipeline },
        // What the configuration says counts more than what a service says.
        labels: { ...one.lastAnomaly?.labels, ...labelsOf(context, one.kind, one.segment) }
      }
    }))
    knownLabels.set(subject, made)
    return made
  }
}
