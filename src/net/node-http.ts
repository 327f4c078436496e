/** Where `node:http` is imported, Node loads its whole `fetch` with it, which takes ten times as long. */
export const { Agent, createServer } = process.getBuiltinModule('node:http')
