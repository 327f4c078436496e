/** An exception is at most 16 KiB long in ClickHouse, with its marks around it. */
const heldBytes = 20 * 1024

/**
 * Finds the exception that ClickHouse writes into a body it has begun with status 200. From 25.11 on it marks it with
 * a tag that it announces in a header; before, the text is the end of the body. Only the end of a body is looked at.
 */
export function watchExceptions(tag: string | undefined) {
  let held: Buffer = Buffer.alloc(0)
  return {
    /** Takes a chunk; gives back what is surely no exception. */
    take(chunk: Buffer): Buffer {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const sure = Math.max(0, held.length - heldBytes)
      const passed = held.subarray(0, sure)
      held = held.subarray(sure)
      return passed
    },
    /** At the end of the body: what was held back, and the exception's text, if there is one. */
    end(): { readonly rest: Buffer; readonly exception: string | undefined } {
      const start = tag === undefined ? untaggedStart(held) : held.lastIndexOf(`\r\n__exception__\r\n${tag}`)
      if (start < 0) return { rest: held, exception: undefined }
      const text = held.subarray(start).toString()
      return { rest: held.subarray(0, start), exception: tag === undefined ? text.trim() : untag(text, tag) }
    }
  }
}

function untaggedStart(held: Buffer): number {
  const match = /(?:^|\n)Code: \d+\. DB::Exception: [^\n]*\([A-Z0-9_]+\)(?: \(version [^\n]*\))?\s*$/.exec(
    held.toString('latin1')
  )
  return match ? match.index : -1
}

function untag(text: string, tag: string): string {
  const inner = text.slice(text.indexOf(tag) + tag.length).trim()
  return inner.replace(new RegExp(`\\s*\\d+ ${tag}\\s+__exception__\\s*$`), '')
}
