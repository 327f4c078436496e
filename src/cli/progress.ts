import cliProgress from 'cli-progress'

const steps = 1_000

/** A bar on a terminal's standard error, as far as the share is known. */
export function showProgress(what: string, share: () => number | undefined): { stop(): void } {
  if (!process.stderr.isTTY) return { stop: () => {} }
  const bar = new cliProgress.SingleBar(
    {
      format: `${what} {bar} {percentage} %, {eta_formatted} left`,
      stream: process.stderr,
      clearOnComplete: true
    },
    cliProgress.Presets.shades_classic
  )
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
