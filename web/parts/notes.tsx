import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import type { Resource } from '../api/resource.ts'

/** What went wrong last, for the whole page. */
export const failure = signal<string | null>(null)

/** What a resource says, or why it cannot be shown. */
export function Loaded<Answer>({
  resource,
  what,
  children
}: {
  readonly resource: Resource<Answer>
  /** Such as `the incidents`. */
  readonly what: string
  readonly children: (answer: Answer) => ComponentChildren
}) {
  switch (resource.kind) {
    case 'loading':
      return (
        <p class="quiet" role="status">
          Loading {what} …
        </p>
      )
    case 'failed':
      return <Problem text={resource.message} />
    case 'ready':
      return (
        <>
          {resource.failure !== null && <Problem text={`This is from before. ${resource.failure}`} />}
          {children(resource.answer)}
        </>
      )
    default:
      throw resource satisfies never
  }
}

export function Problem({ text }: { readonly text: string }) {
  return (
    <p class="problem" role="alert">
      {withCommands(text)}
    </p>
  )
}

/** Where there is nothing: why, and which command helps. */
export function Empty({
  children,
  command
}: {
  readonly children: ComponentChildren
  readonly command?: string
}) {
  return (
    <p class="quiet">
      {children}
      {command !== undefined && (
        <>
          {' '}
          <code>{command}</code>
        </>
      )}
    </p>
  )
}

/** Commands in a text stand out, so that they are copied whole. */
function withCommands(text: string): ComponentChildren {
  return text
    .split(/(npx cartwatch [\w-]+)/)
    .map((part, index) => (index % 2 === 1 ? <code key={part}>{part}</code> : part))
}
