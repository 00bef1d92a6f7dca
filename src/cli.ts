import { checkNodeVersion } from './node-version.ts'

checkNodeVersion()
const { runCommand } = await import('./commands/index.ts')
await runCommand(process.argv)
