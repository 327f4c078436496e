let hasCome = false
let act = () => {
  hasCome = true
}

/** Keeps SIGHUP from ending the process from now on, also before anything can be reloaded. */
export const holdHangup = (): void => void process.on('SIGHUP', () => act())

/** Acts on each SIGHUP, and at once if one has come before. */
export function onHangup(reload: () => void): void {
  act = reload
  if (hasCome) reload()
}
