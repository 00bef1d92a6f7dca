import type { FindingWords } from '../language.ts'
import type { Requirement } from '../policy.ts'

const requirements: Record<Requirement, string> = {
  receipt: 'a receipt',
  reason: 'a reason',
  note: 'a note',
  attendees: 'attendees',
}
const statuses: Partial<Record<string, string>> = {
  draft: 'a draft',
  awaiting_approval: 'waiting for approval',
  sent_back: 'sent back',
  cancelled: 'closed',
}
const told: Partial<Record<string, string>> = {
  finance: 'finance',
  admin: 'the admins',
  manager: 'the manager',
}

/** `Attendees and a reason`, at the beginning of a sentence. */
function listed(words: string[]): string {
  const list = words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words.join()
  return `${list.charAt(0).toUpperCase()}${list.slice(1)}`
}
const areOrIs = (words: string[], plural: string) => (words.length > 1 || words[0] === plural ? 'are' : 'is')

/** The sentences of findings. Each may lack its full stop: it is put after the citation. */
export const findings: FindingWords = {
  policy_applies: ({ name, about }, say) => `Policy “${name}”: ${say.about(about)}.`,
  no_policy: ({ category, amount }, say) =>
    `No policy covers this expense (${say.category(category)}, ${say.money(amount)}), so finance decides.`,
  no_receipt: () => 'There is no receipt.',
  amount_unread: () => 'The amount could not be read on the receipt, so somebody looks at it.',
  rule_requires: ({ missing, about }, say) => {
    const words = missing.map((one) => requirements[one])
    return `${listed(words)} ${areOrIs(words, 'attendees')} needed for ${say.about(about)}.`
  },
  rule_asks: ({ about, steps }, say) => `Further approval for ${say.about(about)}: ${steps.join(', ')}.`,
  rule_tells: ({ about, to }, say) => {
    const words = to.map((one) => told[one] ?? one)
    return `${listed(words)} ${areOrIs(words, 'the admins')} told of ${say.about(about)}.`
  },
  limit: ({ name, before, allowed, with: amount, per, date }, say) => {
    const after = { ...before, minor: before.minor + amount.minor }
    return (
      `${name}: ${say.money(before)} of ${say.money(allowed)} for ${say.period(per, date)} is spent; ` +
      `with this ${say.money(amount)} it would be ${say.money(after)}.`
    )
  },
  duplicate: ({ same, isDrive, number, submitter, amount }, say) => {
    const fields = `Same ${isDrive ? 'drive' : 'merchant'}, date and amount`
    const about = [submitter, ...(amount ? [say.money(amount)] : [])].join(', ')
    return `${same === 'file' ? 'The same receipt file' : fields} as ${number} (${about}).`
  },
  amount_differs: ({ receipts, read, claimed }, say) => {
    const who = receipts > 1 ? 'The receipts seem to say' : 'The receipt seems to say'
    const totals = read.map((one) => (typeof one === 'string' ? one : say.money(one))).join(' and ')
    return `${who} ${totals}; ${say.money(claimed)} is claimed.`
  },
  receipt_waiting: ({ fileName }) => `${fileName} is not read yet.`,
  receipt_unreadable: ({ fileName, problem }) => `${fileName}: ${problem}`,
  request_not_open: ({ number, status }) =>
    `${number} is ${statuses[status] ?? status}, so it does not pay for this.`,
  request_automatic: ({ number }) => `Nobody had to approve ${number}, so it does not pay for this.`,
  request_too_late: ({ number, approvedOn }, say) =>
    `${number} was approved on ${say.date(approvedOn)}, after this was spent, so it does not pay for this.`,
  request_other_category: ({ number }) =>
    `${number} is for another category, so it does not pay for all of this.`,
  request_other_cost_centre: ({ number, centres }) =>
    `${number} is for cost centre${centres.length > 1 ? 's' : ''} ${centres.join(' and ')}, so it does not pay for all of this.`,
  request_other_rule: ({ number }) =>
    `${number} was approved without the further approval that this needs, so it does not pay for this.`,
  request_exceeded: ({ number, would, beyond, approved }, say) =>
    `With this, ${say.money(would)} of ${number} would be spent: ` +
    `${say.money(beyond)} more than the ${say.money(approved)} that was approved.`,
  request_covers: ({ number, left, beyond }, say) => {
    const rest = `${left ? say.money(left) : 'nothing'} of it is left after this`
    if (!beyond) return `${number} pays for this: ${rest}.`
    const exceeds = `${say.money(beyond)} more than approved, within the tolerance`
    return `${number} pays for this: ${left ? `${exceeds}; ${rest}` : exceeds}.`
  },
  per_diem_overlap: ({ number, from, to }, say) =>
    `${number} is for some of the same days already (${say.date(from)} to ${say.date(to)}).`,
  no_rate: ({ from, to, date }, say) =>
    `There is no exchange rate from ${from} to ${to} for ${say.date(date)}. ` +
    `Please give the amount that was charged in ${to}, or ask finance to load the rate.`,
  no_approver: () =>
    'Nobody in the company may decide this expense. An admin must add an approver; they are told when it is submitted.',
  approved_automatically: ({ clause }) => `Nobody has to be asked (${clause}).`,
}
