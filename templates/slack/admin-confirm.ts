import type { KnownBlock, ModalView } from '@slack/types'
import type { OrganisationChanged } from '../../src/features/organisation/index.ts'
import { followLines } from './admin-departures.ts'
import { type AdminSection, adminFields, isPolicyGroup } from './admin-fields.ts'
import { forms } from './modals.ts'
import { plain, quote, section, sections } from './text.ts'
import { type Words, wordsOf } from './words/index.ts'

export interface AdminChangeView {
  changed: OrganisationChanged
  locale: string
}

/** What a change would do, to be saved or gone back from. It stands on top of the form. */
export function adminConfirmModal(view: AdminChangeView & { metadata: string }): ModalView {
  const { admin } = wordsOf(view.locale)
  return {
    type: 'modal',
    callback_id: forms.adminSave,
    title: plain(admin.confirmTitle, 24),
    submit: plain(isWarned(view.changed) ? admin.saveAnyway : admin.save, 24),
    close: plain(admin.goBack, 24),
    private_metadata: view.metadata,
    blocks: changeBlocks(view, { isSaved: false }),
  }
}

/** Whether somebody should think again before they save. */
function isWarned({ warnings, gaps, examples, departures }: OrganisationChanged): boolean {
  return (
    warnings.length > 0 ||
    gaps.some(({ isAsked }) => isAsked) ||
    examples.some(({ problems, failedBefore }) => problems.length > 0 && !failedBefore) ||
    departures.some(({ approvals }) => approvals.some(({ outcome }) => outcome === 'blocked'))
  )
}

/** What was saved: done, or back to the list. */
export function adminSavedModal(view: AdminChangeView): ModalView {
  const { admin } = wordsOf(view.locale)
  return {
    type: 'modal',
    callback_id: forms.adminDone,
    title: plain(admin.savedTitle, 24),
    submit: plain(admin.done, 24),
    close: plain(admin.goBack, 24),
    blocks: [section('saved', `:white_check_mark: ${admin.saved}`), ...changeBlocks(view, { isSaved: true })],
  }
}

/** The same as a message, for somebody who closed the form meanwhile. */
export function adminSavedText({ changed, locale }: AdminChangeView): string {
  const words = wordsOf(locale)
  return words.admin.savedElsewhere(differenceLines(changed, words).join('\n'))
}

/** Stands on top of the form while something is looked at or saved; `externalId` names it for whoever fills it in. */
export function adminWaitingModal(what: Waiting, { admin, common }: Words, externalId?: string): ModalView {
  const texts = {
    checking: { title: admin.checkingTitle, text: admin.checking },
    saving: { title: admin.savingTitle, text: admin.saving },
    savingLong: { title: admin.savingTitle, text: admin.savingLong },
  }
  const { title, text } = texts[what]
  return {
    type: 'modal',
    ...(externalId === undefined ? {} : { external_id: externalId }),
    title: plain(title, 24),
    close: plain(common.close, 24),
    blocks: [section('waiting', `:hourglass_flowing_sand: ${text}`)],
  }
}
export type Waiting = 'checking' | 'saving' | 'savingLong'

/** Why something cannot be saved, where it cannot be said at the fields: on top of the form, which is still there. */
export function adminRefusedModal(
  problems: { field: string | null; message: string }[],
  { admin }: Words,
): ModalView {
  const lines = problems.map(({ field, message }) =>
    field === null
      ? quote(message, 1000)
      : admin.problemAt(quote(admin.fields[field] ?? field, 60), quote(message, 1000)),
  )
  return {
    type: 'modal',
    title: plain(admin.notSavedTitle, 24),
    close: plain(admin.goBack, 24),
    blocks: sections('problems', lines),
  }
}

function changeBlocks({ changed, locale }: AdminChangeView, { isSaved }: { isSaved: boolean }): KnownBlock[] {
  const words = wordsOf(locale)
  const { admin } = words
  const follows = atMost(followLines(changed, { locale, isSaved }))
  const titles = isSaved ? admin.confirm.saved : admin.confirm
  const isPolicy = isPolicyGroup(changed.section)
  return [
    ...sections('difference', differenceLines(changed, words)),
    ...(changed.meaning === null ? [] : sections('meaning', meaningLines(changed.meaning, words))),
    ...(follows.length > 0 ? sections('follows', [`*${titles.follows}*`, ...follows]) : []),
    ...sections('gaps', gapLines(changed, words)),
    ...(changed.warnings.length > 0
      ? sections('warnings', [
          `:warning: *${titles.warnings}*`,
          ...changed.warnings.map((warning) => `• ${quote(warning, 600)}`),
        ])
      : []),
    ...exampleBlocks(changed, words),
    ...(isPolicy ? [section('drafts', `_${admin.confirm.drafts}_`)] : []),
  ]
}

/** One sentence, or one for each policy whose band moved. */
function meaningLines(meaning: string, { admin }: Words): string[] {
  const said = meaning.split('\n').map((line) => quote(line, 1500))
  return said.length === 1
    ? [admin.confirm.meaning(said.join())]
    : [admin.confirm.meaning(''), ...said.slice(0, mostLines).map((line) => `• ${line}`)]
}

/** What somebody has not, and what that means. */
function gapLines({ gaps, title }: OrganisationChanged, { admin }: Words): string[] {
  return gaps.map(
    ({ field, isAsked }) =>
      `${isAsked ? ':warning:' : ':information_source:'} ${admin.confirm.gaps[field](quote(title, 80), isAsked)}`,
  )
}

/** What is different, a line each. Of a policy it is said in the words of the file, in which it was written. */
function differenceLines(changed: OrganisationChanged, words: Words): string[] {
  const { confirm } = words.admin
  const { section: kind, title, before, after } = changed
  const name = quote(title, 150)
  if (after === null) return [confirm.removed(name)]
  if (isPolicyGroup(kind))
    return [before === null ? confirm.added(name) : confirm.changed(name), ...policyLines(changed)]
  if (before === null) {
    const said = fieldsOf(kind).flatMap((field) => {
      const value = valueText(after, field, words)
      return value === null ? [] : [`• ${confirm.value(labelOf(field, words), value)}`]
    })
    return [confirm.added(name), ...said]
  }
  const lines = fieldsOf(kind).flatMap((field) => fieldLine({ before, after, field }, words))
  return [confirm.changed(name), ...(lines.length > 0 ? lines : atMost(changed.changes.map(changeLine)))]
}

/** `policy small_equipment: when, amount, up_to 2000.00 → 2500.00` names the policy once more. */
function policyLines({ changes, before }: OrganisationChanged): string[] {
  return before === null ? [] : atMost(changes.map(changeLine))
}

const changeLine = (change: string) => `• ${quote(change, 800)}`

/** More lines of one kind than anybody reads; a form takes 250 KB. */
const mostLines = 15
const atMost = (lines: string[]) =>
  lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `• … (${lines.length - mostLines})`]

const fieldsOf = (kind: AdminSection) =>
  adminFields[kind].map(({ name }) => name).filter((name) => name !== 'place' && name !== 'text')

function labelOf(field: string, { admin }: Words): string {
  return admin.fields[field] ?? field
}

type Shown = Record<string, unknown>

function fieldLine(
  { before, after, field }: { before: Shown; after: Shown; field: string },
  words: Words,
): string[] {
  const [from, to] = [valueIn(before, field), valueIn(after, field)]
  if (JSON.stringify(from) === JSON.stringify(to)) return []
  const { confirm, nothing } = words.admin
  const label = labelOf(field, words)
  if (Array.isArray(from) && Array.isArray(to)) {
    const more = to.filter((one) => !from.includes(one))
    const less = from.filter((one) => !to.includes(one))
    const parts = [
      ...(more.length > 0 ? [confirm.more(listText(more, field, words))] : []),
      ...(less.length > 0 ? [confirm.less(listText(less, field, words))] : []),
    ]
    return parts.length === 0 ? [] : [`• ${confirm.value(label, parts.join(', '))}`]
  }
  const shown = (entry: Shown) => valueText(entry, field, words) ?? nothing
  return [`• ${confirm.line(label, shown(before), shown(after))}`]
}

/** What an entry says at a field; `working_hours.from` is inside. */
function valueIn(entry: Shown, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>(
      (inside, part) =>
        typeof inside === 'object' && inside !== null ? Reflect.get(inside, part) : undefined,
      entry,
    )
}

function valueText(entry: Shown, field: string, words: Words): string | null {
  const value = valueIn(entry, field)
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'boolean') return value ? words.admin.yes : words.admin.no
  if (Array.isArray(value)) return value.length === 0 ? null : listText(value, field, words)
  return quote(String(value), 300)
}

function listText(values: unknown[], field: string, { admin }: Words): string {
  const names: Record<string, string> =
    field === 'roles' ? admin.roles : field === 'working_hours.days' ? admin.weekdays : {}
  return quote(values.map((value) => names[String(value)] ?? String(value)).join(', '), 600)
}

/** More than anybody reads before a change. */
const mostFailing = 8

function exampleBlocks({ examples }: OrganisationChanged, { admin }: Words): KnownBlock[] {
  if (examples.length === 0) return []
  const { confirm } = admin
  const failing = examples.filter(({ problems }) => problems.length > 0)
  const since = failing.filter(({ failedBefore }) => !failedBefore)
  const before = failing.length - since.length
  const lines = [
    ...(failing.length === 0 ? [`:white_check_mark: ${confirm.examples(examples.length)}`] : []),
    ...(since.length === 0 ? [] : [`:x: *${confirm.examplesFail(since.length, examples.length)}*`]),
    ...since
      .slice(0, mostFailing)
      .map(({ name, problems }) => `• ${quote(name, 150)}: ${quote(problems.join('; '), 500)}`),
    ...(before === 0 ? [] : [`_${confirm.failedBefore(before)}_`]),
  ]
  return sections('examples', lines)
}
