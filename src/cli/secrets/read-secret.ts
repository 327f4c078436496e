import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

/** All of standard input; of a terminal one line, which is not shown. */
export async function readSecret(
  input: NodeJS.ReadStream | NodeJS.ReadableStream,
  prompt: (text: string) => void
): Promise<string> {
  if (!('isTTY' in input && input.isTTY)) return await text(input)
  prompt('Secret (not shown): ')
  const shownNowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: shownNowhere, terminal: true, historySize: 0 })
  try {
    return await new Promise((resolve, reject) => {
      const cancel = () => reject(new Error('cancelled: nothing was encrypted'))
      lines.once('line', resolve).once('SIGINT', cancel).once('close', cancel)
    })
  } finally {
    lines.close()
    prompt('\n')
  }
}
