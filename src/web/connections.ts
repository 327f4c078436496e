import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Keeps at most so many connections: another one ends the oldest, so that idle or dripping ones never keep a health
 * check out. A request of ours takes milliseconds: what is the oldest of hundreds does nothing.
 */
export function boundConnections(server: Pick<Server, 'on'>, most: number): void {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    const [oldest] = open
    if (open.size > most) oldest?.destroy()
  })
}
