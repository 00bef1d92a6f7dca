import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { inWords } from '../../../src/channels/slack/people/in-words.ts'
import { userError } from '../../../src/kernel/errors.ts'
import { wordsOf } from '../../../templates/slack/words/index.ts'

const german = wordsOf('de-DE')

/** Nobody meets these in Slack. */
const elsewhere: Record<string, string> = {
  action_unknown: 'the command line',
  console_only: 'the command line',
  data_key_missing: 'the command line',
  head_invalid: 'the command line',
  rates_invalid: 'the command line',
  organisation_invalid: 'the command line; a form of an admin shows its problems at the fields',
  too_many_links: 'the page of a mail',
  workspace_unknown: 'the log: there is no workspace to say it in',
}

/** The pages in a browser that add Outlay to a workspace say themselves what is wrong. */
const pages = /\/(install[^/]*|connect-workspace)\.ts$/

/** The codes of the errors that are made in a file, or that its docstrings name. */
function codesIn(source: string): string[] {
  const made = /\b(?:userError|atField|codeError)\((?:[a-zA-Z.]+, )?\s*'([a-z]+(?:_[a-z]+)*)'/g
  const named = /@throws userError ((?:`[a-z_]+`(?: \([^)]*\))?[,;]?(?:\s|\*(?!\/)|or|and)*)+)/g
  return [
    ...[...source.matchAll(made)].map(([, code = '']) => code),
    ...[...source.matchAll(named)].flatMap(([, list = '']) =>
      [...list.replaceAll(/\([^)]*\)/g, '').matchAll(/`([a-z_]+)`/g)].map(([, code = '']) => code),
    ),
  ]
}

function codesByFile(): Map<string, string> {
  const files = globSync('src/{features,channels/slack,kernel}/**/*.ts').filter((file) => !pages.test(file))
  return new Map(files.flatMap((file) => codesIn(readFileSync(file, 'utf8')).map((code) => [code, file])))
}

test('every mistake that somebody can make in Slack is told in German', () => {
  const codes = codesByFile()
  expect(codes.size).toBeGreaterThan(100)
  const missing = [...codes].filter(([code]) => !(code in elsewhere) && german.errors[code] === undefined)
  expect(missing).toEqual([])
})

test('no sentence is kept for an error that is not made any more', () => {
  const codes = codesByFile()
  const made = globSync('src/**/*.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  const isMade = (code: string) => codes.has(code) || made.includes(`'${code}'`) || made.includes(` ${code}:`)
  const built = /^(merchant|from|to|category|reason)_(missing|too_long|unknown)$/
  const stale = Object.keys(german.errors).filter((code) => !isMade(code) && !built.test(code))
  expect(stale).toEqual([])
  expect(Object.keys(elsewhere).filter((code) => !isMade(code))).toEqual([])
})

describe('whoever comes too late is told in German', () => {
  const told = (code: string, details: Record<string, unknown>) =>
    inWords(userError(code, 'In English.', { details }), german)
  const timeZone = 'Europe/Berlin'
  const at = new Date('2026-11-20T17:55:00Z')

  test('who decided what, for whom and when', () => {
    const details = {
      decidedBy: 'Bob Smith',
      decidedFor: null,
      decidedAt: at,
      decision: 'approved',
      timeZone,
    }
    expect(told('already_decided', details)).toBe(
      'Bob Smith hat das schon freigegeben: 20. Nov. 2026, 18:55 MEZ.',
    )
    expect(told('already_decided', { ...details, decidedFor: 'Eve', decision: 'sent_back' })).toContain(
      'Bob Smith (für Eve) hat das schon zurückgegeben',
    )
    expect(told('already_decided', { ...details, isTakingBack: true })).toContain('nicht mehr zurückziehen')
  })

  test('who took a decision back, who closed a month, and until when something was possible', () => {
    expect(told('undone', { undoneBy: 'Bob', undoneAt: at, timeZone })).toContain(
      'Bob hat eine Entscheidung zurückgenommen (20. Nov. 2026, 18:55 MEZ)',
    )
    expect(told('month_closed', { month: '2026-10', by: 'Fay', at, timeZone })).toBe(
      'Fay hat Oktober 2026 schon abgeschlossen: 20. Nov. 2026, 18:55 MEZ.',
    )
    expect(told('too_late', { until: at, timeZone })).toContain('bis 20. Nov. 2026, 18:55 MEZ')
  })

  test('whose days are taken, which entry is there, which file is no receipt', () => {
    const days = { name: 'Grace', from: '2026-12-01', to: '2026-12-05' }
    expect(told('delegation_overlaps', days)).toContain(
      'Grace entscheidet schon vom 1. Dez. 2026 bis zum 5. Dez. 2026 für Sie.',
    )
    expect(told('delegation_overlaps', { ...days, principal: 'Bob' })).toContain('für Bob.')
    expect(told('entry_there', { name: 'Taxi' })).toBe('„Taxi“ gibt es schon.')
    expect(told('file_not_receipt', { file: 'notes.zip' })).toMatch(/^notes\.zip ist weder/)
    expect(told('question_answered', { answer: { kind: 'added', number: 'EXP-2026-0042' }, files: 1 })).toBe(
      'Sie haben schon gewählt: Zu EXP-2026-0042 hinzugefügt.',
    )
  })
})

test('every German sentence stands without its details', () => {
  for (const code of Object.keys(german.errors)) {
    const sentence = inWords(userError(code, 'In English.'), german)
    expect(sentence).toMatch(/^[\p{Lu}„].*[.?]$/su)
    expect(sentence).not.toMatch(/undefined|null|NaN|Invalid|In English/)
  }
})
