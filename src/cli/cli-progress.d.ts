declare module 'cli-progress' {
  interface BarOptions {
    readonly format?: string
    readonly stream?: NodeJS.WritableStream
    readonly hideCursor?: boolean
    readonly clearOnComplete?: boolean
    readonly etaBuffer?: number
  }
  type Payload = Readonly<Record<string, string | number>>
  interface SingleBar {
    start(total: number, value: number, payload?: Payload): void
    update(value: number, payload?: Payload): void
    stop(): void
  }
  const cliProgress: {
    readonly SingleBar: new (options: BarOptions, preset?: object) => SingleBar
    readonly Presets: Readonly<Record<'legacy' | 'shades_classic' | 'shades_grey' | 'rect', object>>
  }
  export = cliProgress
}
