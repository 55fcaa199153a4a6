/** The thread of engine-threads.ts: tells which one it is, then serves one engine over each port that it is handed. */
import { readlinkSync } from 'node:fs'
import type { MessagePort } from 'node:worker_threads'
import { parentPort } from 'node:worker_threads'
import type { EnginePort } from '@huisclos/crypto/mls'
import { createGroupEngine, serveGroupEngine } from '@huisclos/crypto/mls'

parentPort?.on('message', (port: MessagePort) =>
  serveGroupEngine(port as unknown as EnginePort, createGroupEngine()),
)
parentPort?.postMessage(readlinkSync('/proc/thread-self'))
