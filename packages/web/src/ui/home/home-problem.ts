/** Words a failure of the home port by its code; what has no code is our own fault and says so. */

import type { HomeProblem } from '../ports.ts'
import { HomeError } from '../ports.ts'

export const problemOf = (cause: unknown): HomeProblem => (cause instanceof HomeError ? cause.code : 'fault')
