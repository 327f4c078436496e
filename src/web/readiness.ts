import type { Component, ComponentStatus, Readiness } from './types.ts'

export interface ReadinessPage {
  readonly status: 'ready' | 'not_ready'
  readonly components: Readonly<Record<string, Component | Readonly<Record<string, Component>>>>
}

/** What /readyz answers: ready where every component is, whatever the receivers say. */
export function readinessPage({ components, receivers }: Readiness): ReadinessPage {
  const isReady = Object.values(components).every(component => readyStatuses.has(component.status))
  return { status: isReady ? 'ready' : 'not_ready', components: { ...components, receivers } }
}

const readyStatuses: ReadonlySet<ComponentStatus> = new Set<ComponentStatus>(['ok', 'standby', 'warming_up'])
