import { z } from 'zod'

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  kB: 1_000,
  MB: 1_000_000,
  KiB: 1_024,
  MiB: 1_048_576
}

/** Parses `1MiB`, `512KiB`, `1MB` or a plain number into bytes; undefined where it is none of these. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)\s*(B|kB|MB|KiB|MiB|)$/.exec(text.trim())
  const unit = match && unitBytes[match[2] as string]
  return match && unit ? Number(match[1]) * unit : undefined
}

/** A size such as `1MiB`, in bytes behind the border. */
export const size = z
  .union([z.number(), z.string()], { error: 'a size such as 512KiB or 1MiB' })
  .transform((value, context) => {
    const bytes = parseSize(String(value))
    if (bytes !== undefined) return bytes
    context.addIssue({ code: 'custom', message: 'a size such as 512KiB or 1MiB' })
    return z.NEVER
  })

/** Writes bytes the way `parseSize` reads them, in the largest unit that fits evenly. */
export function formatSize(bytes: number): string {
  if (bytes > 0 && bytes % 1_048_576 === 0) return `${bytes / 1_048_576}MiB`
  if (bytes > 0 && bytes % 1_024 === 0) return `${bytes / 1_024}KiB`
  return `${bytes}B`
}
