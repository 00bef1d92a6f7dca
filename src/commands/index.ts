import { Command, Option } from 'commander'
import { readEnv } from '../../config/env.ts'
import { AppError } from '../kernel/errors.ts'
import { logger } from '../kernel/logger.ts'
import { runProgram } from '../run-program.ts'
import { type ListAuditOptions, listAuditLog, verifyAuditLog } from './audit-log.ts'
import { addAuthenticatorFor, removeAuthenticatorOf } from './authenticator.ts'
import { backtestPolicyFile } from './backtest-policy-file.ts'
import { addDelegationFor, endDelegationById, showDelegations } from './delegations.ts'
import { initCompany } from './init-company.ts'
import { migrateDatabase } from './migrate-database.ts'
import { closeOneMonth, exportOneMonth, showMonths } from './months.ts'
import {
  exportOrganisationFile,
  importOrganisationFile,
  validateOrganisationFile,
} from './organisation-file.ts'
import { importRatesFile } from './rates-file.ts'
import { readReceiptFiles } from './read-receipt-files.ts'
import { testPolicyExamples } from './test-policies.ts'
import { undoApproval } from './undo-approval.ts'

/** The command line: `npm run -s outlay -- <command>`. A mistake is answered in plain words, with exit code 1. */
export async function runCommand(argv: string[]): Promise<void> {
  if (!process.stdout.listeners('error').includes(onReaderGone)) process.stdout.on('error', onReaderGone)
  const program = new Command('outlay').description('Expenses in Slack and e-mail').showHelpAfterError()
  program
    .command('start')
    .description('run the program')
    .option('--roles <list>', 'which parts to run: web,slack,mail,worker,relay')
    .action(({ roles }: { roles?: string }) => runProgram(() => readEnv(roles)))
  program
    .command('migrate')
    .description('bring the database up to date')
    .action(() => migrateDatabase(readEnv()))
  program
    .command('init')
    .description('make an empty company with one admin')
    .requiredOption('--company <name>')
    .requiredOption('--admin-email <address>')
    .option('--currency <code>', 'ISO 4217', 'USD')
    .option('--time-zone <name>', 'IANA name', 'UTC')
    .action((options) => initCompany(readEnv(), options))
  const org = program.command('org').description('the organisation as one YAML file')
  org
    .command('validate <file>')
    .description('say what is wrong with a file, and where')
    .action(validateOrganisationFile)
  org
    .command('import <file>')
    .description('show what changes, and change it')
    .option('--dry-run', 'only show it')
    .action((file: string, { dryRun }: { dryRun?: boolean }) =>
      importOrganisationFile(readEnv(), file, dryRun ?? false),
    )
  org
    .command('export [file]')
    .description('write the organisation in force as a file that can be imported')
    .option('--company <name>', 'which company, where there are several')
    .option('--force', 'overwrite the file')
    .action((file: string | undefined, options: { company?: string; force?: boolean }) =>
      exportOrganisationFile(readEnv(), file, options),
    )
  const policy = program.command('policy').description('what is allowed, and who approves it')
  policy
    .command('test [file]')
    .description('run the examples of a file, or of the policies in force')
    .option('--company <name>', 'which company, where there are several')
    .action((file: string | undefined, { company }: { company?: string }) =>
      testPolicyExamples(readEnv, file, company),
    )
  policy
    .command('backtest <file>')
    .description('say what the policies of a file would have changed for recorded expenses')
    .requiredOption('--since <date>', 'expenses submitted on this day or later, like 2026-07-01')
    .action((file: string, options: { since: string }) => backtestPolicyFile(readEnv(), file, options))
  const approvals = program.command('approvals').description('what was decided about expenses')
  approvals
    .command('undo <number>')
    .description('take back what a person decided last about an expense, as that person')
    .requiredOption('--as <address>', 'whose decision it was')
    .option('--company <name>', 'which company, where there are several')
    .action((number: string, options: { as: string; company?: string }) =>
      undoApproval(readEnv(), number, options),
    )
  const delegations = program.command('delegations').description('who decides in the place of somebody else')
  delegations
    .command('list')
    .description('print those that hold now or later')
    .option('--all', 'also those that are over')
    .option('--company <name>', 'which company, where there are several')
    .action((options: { all?: boolean; company?: string }) => showDelegations(readEnv(), options))
  delegations
    .command('add')
    .description('let somebody decide in the place of somebody else')
    .requiredOption('--for <address>', 'who is away')
    .requiredOption('--to <address>', 'who decides meanwhile')
    .requiredOption('--from <date>', 'the first day, like 2026-12-01')
    .requiredOption('--until <date>', 'the last day, which is included')
    .option('--up-to <amount>', 'only for what is worth no more than this, in the company’s currency')
    .option('--company <name>', 'which company, where there are several')
    .action((options: Parameters<typeof addDelegationFor>[1]) => addDelegationFor(readEnv(), options))
  delegations
    .command('end <id>')
    .description('end one now, by the id that the list shows')
    .option('--company <name>', 'which company, where there are several')
    .action((id: string, options: { company?: string }) => endDelegationById(readEnv(), id, options))
  const authenticator = program.command('authenticator').description('apps that prove who decides')
  authenticator
    .command('add')
    .description('show once what an authenticator app must scan; an earlier one ends')
    .requiredOption('--email <address>', 'whose')
    .option('--company <name>', 'which company, where there are several')
    .action((options: { email: string; company?: string }) => addAuthenticatorFor(readEnv(), options))
  authenticator
    .command('remove')
    .description('send codes again')
    .requiredOption('--email <address>', 'whose')
    .option('--company <name>', 'which company, where there are several')
    .action((options: { email: string; company?: string }) => removeAuthenticatorOf(readEnv(), options))
  const months = program.command('months').description('what finance closes and exports')
  months
    .command('list')
    .description('print the months, the newest first')
    .option('--company <name>', 'which company, where there are several')
    .action((options: { company?: string }) => showMonths(readEnv(), options))
  months
    .command('close <month>')
    .description('close a month like 2026-11 for good')
    .requiredOption('--as <address>', 'who in finance closes it')
    .option('--company <name>', 'which company, where there are several')
    .action((month: string, options: { as: string; company?: string }) =>
      closeOneMonth(readEnv(), month, options),
    )
  months
    .command('export <month>')
    .description('write a month as CSV')
    .option('--file <path>', 'into this file; otherwise to the standard output')
    .option('--company <name>', 'which company, where there are several')
    .action((month: string, options: { file?: string; company?: string }) =>
      exportOneMonth(readEnv(), month, options),
    )
  const rates = program.command('rates').description('exchange rates')
  rates
    .command('import <file>')
    .description('load rates: date,currency,rate or the ECB’s reference file')
    .option('--company <name>', 'which company, where there are several')
    .action((file: string, { company }: { company?: string }) => importRatesFile(readEnv(), file, company))
  const audit = program.command('audit').description('who did what')
  audit
    .command('verify')
    .description('compare the audit log with its seals, and say what was changed')
    .option('--company <name>', 'which company, where there are several')
    .option(
      '--head <seq:hash>',
      'the head that was printed earlier, to see whether the newest entries were cut off',
    )
    .action((options: { company?: string; head?: string }) => verifyAuditLog(readEnv(), options))
  audit
    .command('list')
    .description('print entries, oldest first')
    .option('--company <name>', 'which company, where there are several')
    .option('--person <address>', 'what somebody did, had done for them, or is named in')
    .option('--expense <number>', 'what was done with an expense, like EXP-2026-0001')
    .option('--action <name>', 'one sort of action, like expense.submitted')
    .option('--from <date>', 'from this day on, like 2026-07-01')
    .option('--to <date>', 'up to this day, which is included')
    .addOption(new Option('--json', 'one JSON object a line').conflicts('csv'))
    .option('--csv', 'for a spreadsheet')
    .action((options: ListAuditOptions) => listAuditLog(readEnv(), options))
  const receipts = program.command('receipts').description('receipts')
  receipts
    .command('read <files...>')
    .description('read receipts as the program does')
    .option('--json', 'one JSON line a file')
    .action((files: string[], { json }: { json?: boolean }) =>
      readReceiptFiles(readEnv(), files, json ?? false),
    )
  try {
    await program.parseAsync(argv)
  } catch (error) {
    if (error instanceof AppError) process.stderr.write(`${error.message}\n`)
    else logger.fatal({ error }, 'the command failed')
    process.exitCode = 1
  }
}

/** Whoever pipes into `head` has read enough: that is no failure. */
function onReaderGone(error: Error): void {
  if (!('code' in error) || error.code !== 'EPIPE') throw error
}
