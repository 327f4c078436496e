import { vi } from 'vitest'

/** What a command printed to both of its streams, its exit code, and what it threw. */
export async function printedBy(
  command: () => Promise<unknown>
): Promise<{ text: string; code: string | number | null | undefined; error: Error | undefined }> {
  const printed: string[] = []
  const write = (chunk: unknown) => printed.push(String(chunk)) > 0
  const spies = [process.stdout, process.stderr].map(stream =>
    vi.spyOn(stream, 'write').mockImplementation(write)
  )
  const before = process.exitCode
  process.exitCode = undefined
  try {
    await command()
    return { text: printed.join(''), code: process.exitCode, error: undefined }
  } catch (error) {
    return { text: printed.join(''), code: process.exitCode, error: error as Error }
  } finally {
    process.exitCode = before
    for (const spy of spies) spy.mockRestore()
  }
}
