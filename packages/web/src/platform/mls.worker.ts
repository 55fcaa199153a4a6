/**
 * The worker that holds one MLS group (LIB1, ORD4): its state lives in this worker's memory and ends with it. Speaks
 * with the page by the crypto package's own port, in results that contain no MLS secret but an epoch's base key.
 */
import type { EnginePort } from '@huisclos/crypto/mls'
import { createGroupEngine, serveGroupEngine } from '@huisclos/crypto/mls'

serveGroupEngine(self as unknown as EnginePort, createGroupEngine())
