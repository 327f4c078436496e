declare module 'snappyjs' {
  /** Throws where the declared length is above `maxBytes` or the stream is invalid. */
  export function uncompress(compressed: Buffer, maxBytes: number): Buffer
  export function compress(plain: Buffer): Buffer
}

declare module 'lz4js' {
  /** An upper bound of the plain length of one frame, in bytes, from its block headers alone. */
  export function decompressBound(frame: Uint8Array): number
  /** Gives the plain length; bytes that do not fit `plain` are dropped. */
  export function decompressFrame(frame: Uint8Array, plain: Uint8Array): number
}
