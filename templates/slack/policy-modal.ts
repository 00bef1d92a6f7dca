import type { ModalView } from '@slack/types'
import { context, plain, quote, section, sections } from './text.ts'
import { wordsOf } from './words/index.ts'

/** A policy, rule or limit: where it stands in the company's own rule book, and what it says. */
interface PolicyLine {
  name: string
  clause: string | null
  text: string
}

/** The rules of a company, a sentence each in the reader's language; names in them are the company's. */
export interface PolicyView {
  locale: string
  /** null: the company never had any. */
  version: number | null
  policies: PolicyLine[]
  rules: PolicyLine[]
  limits: PolicyLine[]
}

/** For each part: a view takes 250 KB, and each of these blocks up to 9 KB. */
const mostBlocks = 9

const lineText = ({ name, clause, text }: PolicyLine) =>
  `• *${quote(clause === null ? name : `${clause} ${name}`, 200)}*: ${quote(text, 1000)}`

export function policyModal(view: PolicyView): ModalView {
  const { talk, common } = wordsOf(view.locale)
  const parts = [
    { id: 'policies', title: talk.policies, lines: view.policies },
    { id: 'rules', title: talk.rules, lines: view.rules },
    { id: 'limits', title: talk.limits, lines: view.limits },
  ]
  const blocks = parts.flatMap(({ id, title, lines }) => {
    if (lines.length === 0) return []
    const all = sections(id, [`*${title}*`, ...lines.map(lineText)])
    return all.length > mostBlocks
      ? [...all.slice(0, mostBlocks - 1), context(`${id}_more`, common.moreThanFits)]
      : all
  })
  return {
    type: 'modal',
    title: plain(talk.policyTitle, 24),
    close: plain(common.close, 24),
    blocks:
      view.version === null || blocks.length === 0
        ? [section('none', talk.policyNone)]
        : [section('intro', talk.policyIntro(view.version)), ...blocks],
  }
}
