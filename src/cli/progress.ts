import cliProgress from 'cli-progress'

const steps = 1_000

/** A bar on standard error that is gone once it is done; undefined where that is no terminal. */
export const terminalBar = (format: string) =>
  process.stderr.isTTY
    ? new cliProgress.SingleBar(
        { format, stream: process.stderr, clearOnComplete: true },
        cliProgress.Presets.shades_classic
      )
    : undefined

/** A bar that follows a share, as far as that is known. */
export function showProgress(what: string, share: () => number | undefined): { stop(): void } {
  const bar = terminalBar(`${what} {bar} {percentage} %, {eta_formatted} left`)
  if (bar === undefined) return { stop: () => {} }
  const timer = setInterval(() => {
    const done = share()
    if (done === undefined) return
    if (!bar.isActive) bar.start(steps, 0)
    bar.update(Math.min(steps, Math.round(done * steps)))
  }, 200)
  return {
    stop() {
      clearInterval(timer)
      bar.stop()
    }
  }
}
