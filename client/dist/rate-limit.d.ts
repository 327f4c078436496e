/** So many a minute by key, in any minute. */
export declare class RateLimit {
    #private;
    constructor(perMinute: number);
    /** Seconds until another one may be sent; 0 where it may now. */
    retryAfter(key: string, nowMs: number): number;
    take(key: string, nowMs: number): void;
}
