// A worker thread that sends the same bytes to whoever connects, so many times, and tells its port.
import { createServer } from 'node:net'
import { Readable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'

const { bytes, times } = workerData as { readonly bytes: Uint8Array; readonly times: number }
const chunkBytes = 1_048_576

function* chunks(): Generator<Uint8Array> {
  for (let time = 0; time < times; time++)
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

const server = createServer(socket => {
  server.close()
  Readable.from(chunks(), { objectMode: false }).pipe(socket)
})
server.listen(0, '127.0.0.1', () => parentPort?.postMessage(server.address()))
