import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { playMail } from './demo/mail-half.ts'
import { startProgram } from './demo/running-program.ts'
import { playSlack } from './demo/slack-half.ts'
import { seconds, tell } from './demo/story.ts'

/**
 * The main job without a browser, on a throw-away company. Grace drops a receipt into the bot's conversation; it is
 * read and checked, every approver of the plan approves by button, and the PDF is mailed. Then she mails a second
 * receipt, which is approved through the signed links. Everything goes over HTTP and SMTP, as people's clicks and mails
 * do. Exits with 0 only if all of it happened.
 */
async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: { receipt: { type: 'string' }, json: { type: 'boolean', default: false } },
  })
  const config = join(import.meta.dirname, '../config')
  const receipt = options.receipt ?? join(config, 'receipt.example.jpg')
  await access(receipt)
  const program = await startProgram()
  try {
    tell(`Outlay runs at ${program.url} with an embedded database, queue, Slack workspace and mailbox`)
    const bySlack = await playSlack(program.people, receipt)
    const byMail = await playMail(program.people, join(config, 'receipt.example-mail.jpg'))
    tell('Everything happened.')
    if (options.json)
      process.stdout.write(`${JSON.stringify({ expenses: [bySlack, byMail], seconds: seconds() })}\n`)
  } finally {
    await program.stop()
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
