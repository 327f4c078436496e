import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import { crc32 } from 'node:zlib'
import type { Sheet } from '../sheet.ts'
import { shopEvents } from '../stream/shop-events.ts'

const events = 50_000
const times = 20

/** What no program of this kind can do without, of the bench's events: processor time of this thread. */
export async function measureLimits(): Promise<Sheet> {
  const values = [...shopEvents(events, 0)].map(({ value }) => Buffer.from(value))
  const bytes = Buffer.concat(values)
  const copy = Buffer.alloc(bytes.length)
  const steps: Readonly<Record<string, () => Promise<void> | void>> = {
    'a socket read, its bytes thrown away': () => readSocket(bytes),
    'a copy in memory': () => repeated(() => void bytes.copy(copy)),
    'a checksum of its bytes (CRC-32)': () => repeated(() => void crc32(bytes)),
    '`JSON.parse` of each event': () =>
      repeated(() => {
        for (const value of values) JSON.parse(String(value))
      })
  }
  const rows: string[][] = []
  for (const [step, work] of Object.entries(steps)) {
    const before = process.threadCpuUsage()
    await work()
    const { user, system } = process.threadCpuUsage(before)
    const microseconds = user + system
    const gigabytes = (bytes.length * times) / (microseconds * 1_000)
    rows.push([step, (microseconds / (events * times)).toFixed(3), gigabytes.toFixed(2)])
  }
  return { head: [`an event of ${Math.round(bytes.length / events)} bytes`, 'µs an event', 'GB/s'], rows }
}

function repeated(work: () => void): void {
  for (let time = 0; time < times; time++) work()
}

async function readSocket(bytes: Buffer): Promise<void> {
  const sender = new Worker(new URL('sender.ts', import.meta.url), { workerData: { bytes, times } })
  const [{ port }] = (await once(sender, 'message')) as [AddressInfo]
  const socket = connect(port, '127.0.0.1')
  socket.resume()
  await once(socket, 'end')
  socket.destroy()
  await sender.terminate()
}
