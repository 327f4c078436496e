const periodMs = 1_000

/** Lets a process run for a share of the time only, as one that has little of a CPU, until what it gives is called. */
export function throttle(pid: number, share: number): () => void {
  let isOver = false
  let timer: NodeJS.Timeout
  function stop(): void {
    if (isOver) return
    process.kill(pid, 'SIGSTOP')
    timer = setTimeout(go, periodMs * (1 - share))
  }
  function go(): void {
    process.kill(pid, 'SIGCONT')
    timer = setTimeout(stop, periodMs * share)
  }
  stop()
  return function release() {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    process.kill(pid, 'SIGCONT')
  }
}
