import { Command } from 'commander'
import { readEnv } from '../../config/env.ts'
import { AppError } from '../kernel/errors.ts'
import { logger } from '../kernel/logger.ts'
import { runProgram } from '../run-program.ts'
import { initCompany } from './init-company.ts'
import { migrateDatabase } from './migrate-database.ts'
import { importOrganisationFile, validateOrganisationFile } from './organisation-file.ts'
import { importRatesFile } from './rates-file.ts'
import { readReceiptFiles } from './read-receipt-files.ts'

/** The command line: `npm run -s outlay -- <command>`. A mistake is answered in plain words, with exit code 1. */
export async function runCommand(argv: string[]): Promise<void> {
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
  const rates = program.command('rates').description('exchange rates')
  rates
    .command('import <file>')
    .description('load rates: date,currency,rate or the ECB’s reference file')
    .option('--company <name>', 'which company, where there are several')
    .action((file: string, { company }: { company?: string }) => importRatesFile(readEnv(), file, company))
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
