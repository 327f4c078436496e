import { noPart, partOf } from './parts.ts'

/** A frame of a `.cpuprofile`, as V8 writes it. */
interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string }
  readonly children?: readonly number[]
}

export interface Profile {
  readonly nodes: readonly ProfileNode[]
  /** The frame that ran at each sample, and the time since the one before it, in microseconds. */
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const ownParts: Readonly<Record<string, string>> = {
  '(garbage collector)': 'garbage collection',
  '(program)': 'outside of JavaScript'
}
const idle = '(idle)'
const starting = 'starting'

/**
 * Microseconds by part, without the time in which the thread waited. What a library or Node does belongs to the part that
 * called it. Everything before an event was first decoded is `starting`.
 */
export function timeByPart({ nodes, samples, timeDeltas }: Profile): ReadonlyMap<string, number> {
  const partById = partsOf(nodes)
  const firstDecoded = samples.findIndex(id => partById.get(id) === 'decode')
  const times = new Map<string, number>()
  samples.forEach((id, index) => {
    const part = partById.get(id) as string
    const at = part !== idle && index < firstDecoded ? starting : part
    times.set(at, (times.get(at) ?? 0) + (timeDeltas[index + 1] ?? 0))
  })
  times.delete(idle)
  return times
}

function partsOf(nodes: readonly ProfileNode[]): ReadonlyMap<number, string> {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const parts = new Map<number, string>()
  const give = (node: ProfileNode, ofCaller: string) => {
    const { functionName, url } = node.callFrame
    const part = functionName === idle ? idle : (ownParts[functionName] ?? partOf(url, ofCaller))
    parts.set(node.id, part)
    for (const child of node.children ?? []) give(byId.get(child) as ProfileNode, part)
  }
  const [root] = nodes
  if (root) give(root, noPart)
  return parts
}
