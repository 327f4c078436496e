import type { Transform } from 'node:stream'

/** Compressed bytes are handed in piece by piece, so that no piece grows beyond memory. */
const pieceBytes = 65_536

/** Decompressed bytes; a fault, such as that of a file that was cut off, comes after all that is before it. */
export async function* inflated(chunks: AsyncIterable<Buffer>, transform: Transform): AsyncGenerator<Buffer> {
  let ready: Buffer[] = []
  const taken = () => {
    const all = ready
    ready = []
    return all
  }
  transform.on('data', (chunk: Buffer) => ready.push(chunk))
  // Each write and the end give the same error to their callers.
  transform.on('error', () => {})
  const settled = (begin: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => begin(error => (error ? reject(error) : resolve())))
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        await settled(done => transform.write(chunk.subarray(at, at + pieceBytes), done))
        yield* taken()
      }
    }
    await settled(done => {
      transform.once('error', done).once('end', () => done())
      transform.end()
    })
    yield* taken()
  } catch (error) {
    yield* taken()
    throw error
  } finally {
    transform.destroy()
  }
}
