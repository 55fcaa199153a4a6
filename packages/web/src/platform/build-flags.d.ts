/** Constants that the build folds in; see vite.config.ts. */

/** True only in the bench's control client, which sends frames unencrypted. False in everything people use. */
declare const __BENCH_CLEAR__: boolean
