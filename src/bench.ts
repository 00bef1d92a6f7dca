import { parseArgs } from 'node:util'
import { measureAcks } from './bench/acks.ts'

/** `npm run bench -- <what>`: measures the running program, with a reference taken in the same run. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      people: { type: 'string', default: '50' },
      seconds: { type: 'string', default: '60' },
      json: { type: 'boolean', default: false },
    },
  })
  const [what = ''] = positionals
  if (what !== 'acks') throw new Error(`There is no bench “${what}”. There is: acks.`)
  await measureAcks({
    people: wholeNumber('--people', values.people),
    seconds: wholeNumber('--seconds', values.seconds),
    json: values.json,
  })
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 1000) {
    throw new Error(`${option} must be a whole number from 1 to 1000.`)
  }
  return value
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
