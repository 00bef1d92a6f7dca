import { checkNodeVersion } from './node-version.ts'

checkNodeVersion()
const { readEnv } = await import('../config/env.ts')
const { runProgram } = await import('./run-program.ts')
await runProgram(() => readEnv())
