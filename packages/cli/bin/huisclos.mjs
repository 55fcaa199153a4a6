#!/usr/bin/env node
// `huisclos …` on any Node from 18 on: set-up as far as it is needed, then the commands on Node 24, with the paths of
// whoever called. Set-up runs this file again under Node 24, so nothing here may be done twice.
const entry = 'packages/cli/src/main.ts'
process.env['HUISCLOS_FROM'] ??= process.cwd()
if (process.argv[2] !== entry) process.argv.splice(2, 0, entry)
await import('../../../tools/run.mjs')
