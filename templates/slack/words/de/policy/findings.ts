import type { FindingWords, Requirement } from '../../../../../src/features/policy/index.ts'
import { joined } from '../../../../expense-words.ts'
import { common } from '../common.ts'

export const requirements: Record<Requirement, string> = {
  receipt: 'ein Beleg',
  reason: 'ein Anlass',
  note: 'eine Notiz',
  attendees: 'Teilnehmende',
}
const told: Partial<Record<string, string>> = {
  finance: 'die Finanzabteilung',
  admin: 'die Verwaltung',
  manager: 'die Führungskraft',
}
const statuses: Partial<Record<string, string>> = { ...common.statuses, cancelled: 'abgeschlossen' }

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const listed = (words: string[]) => joined(words, common.and)

/** The sentences of findings. In front of the last full stop comes where it stands in the company's rules. */
export const findings: FindingWords = {
  policy_applies: ({ name, about }, say) => `Richtlinie „${name}“: ${say.about(about)}.`,
  no_policy: ({ category, amount }, say) =>
    `Für diese Ausgabe gibt es keine Richtlinie (${say.category(category)}, ${say.money(amount)}), darum entscheidet die Finanzabteilung.`,
  no_receipt: () => 'Es gibt keinen Beleg.',
  amount_unread: () => 'Der Betrag auf dem Beleg war nicht lesbar, darum sieht ihn sich jemand an.',
  rule_requires: ({ missing, about }, say) =>
    `Nötig für ${say.about(about)}: ${listed(missing.map((one) => requirements[one]))}.`,
  rule_asks: ({ about, steps }, say) => `Weitere Freigabe für ${say.about(about)}: ${steps.join(', ')}.`,
  rule_tells: ({ about, to }, say) => {
    const whom = upperFirst(listed(to.map((one) => told[one] ?? one)))
    return `${whom} ${to.length > 1 ? 'werden' : 'wird'} informiert: ${say.about(about)}.`
  },
  limit: ({ name, before, allowed, with: amount, per, date }, say) => {
    const after = { ...before, minor: before.minor + amount.minor }
    return (
      `${name}: Für ${say.period(per, date)} sind ${say.money(before)} von ${say.money(allowed)} ausgegeben; ` +
      `mit diesen ${say.money(amount)} wären es ${say.money(after)}.`
    )
  },
  duplicate: ({ same, isDrive, number, submitter, amount }, say) => {
    const fields = `${isDrive ? 'Gleiche Fahrt' : 'Gleicher Händler'}, gleiches Datum und gleicher Betrag`
    const about = [submitter, ...(amount ? [say.money(amount)] : [])].join(', ')
    return `${same === 'file' ? 'Derselbe Beleg' : fields} wie ${number} (${about}).`
  },
  amount_differs: ({ receipts, read, claimed }, say) => {
    const where = receipts > 1 ? 'Auf den Belegen stehen' : 'Auf dem Beleg stehen'
    const totals = listed(read.map((one) => (typeof one === 'string' ? one : say.money(one))))
    return `${where} anscheinend ${totals}; eingereicht sind ${say.money(claimed)}.`
  },
  receipt_waiting: ({ fileName }) => `${fileName} ist noch nicht gelesen.`,
  // Why is told in English only, by whatever read it.
  receipt_unreadable: ({ fileName }) => `${fileName} war nicht lesbar.`,
  request_not_open: ({ number, status }) =>
    `${number} ist ${statuses[status] ?? status} und deckt diese Ausgabe darum nicht.`,
  request_automatic: ({ number }) =>
    `${number} musste niemand freigeben und deckt diese Ausgabe darum nicht.`,
  request_too_late: ({ number, approvedOn }, say) =>
    `${number} wurde erst am ${say.date(approvedOn)} freigegeben, nach dieser Ausgabe, und deckt sie darum nicht.`,
  request_other_category: ({ number }) =>
    `${number} ist für eine andere Kategorie und deckt diese Ausgabe darum nicht ganz.`,
  request_other_cost_centre: ({ number, centres }) =>
    `${number} ist für ${centres.length > 1 ? 'die Kostenstellen' : 'die Kostenstelle'} ${listed(centres)} und deckt diese Ausgabe darum nicht ganz.`,
  request_other_rule: ({ number }) =>
    `${number} wurde ohne die weitere Freigabe freigegeben, die es hier braucht, und deckt diese Ausgabe darum nicht.`,
  request_exceeded: ({ number, would, beyond, approved }, say) =>
    `Mit dieser Ausgabe wären von ${number} ${say.money(would)} ausgegeben: ` +
    `${say.money(beyond)} mehr als die freigegebenen ${say.money(approved)}.`,
  request_covers: ({ number, left, beyond }, say) => {
    const rest = `danach ${left ? `sind noch ${say.money(left)}` : 'ist nichts mehr'} übrig`
    if (!beyond) return `${number} deckt diese Ausgabe: ${rest}.`
    const exceeds = `${say.money(beyond)} mehr als freigegeben, was noch erlaubt ist`
    return `${number} deckt diese Ausgabe: ${left ? `${exceeds}; ${rest}` : exceeds}.`
  },
  per_diem_overlap: ({ number, from, to }, say) =>
    `${number} gilt schon für einige dieser Tage (${say.date(from)} bis ${say.date(to)}).`,
  no_rate: ({ from, to, date }, say) =>
    `Für ${say.date(date)} gibt es keinen Wechselkurs von ${from} nach ${to}. ` +
    `Bitte geben Sie an, was in ${to} abgebucht wurde, oder bitten Sie die Finanzabteilung, den Kurs zu laden.`,
  no_approver: () =>
    'Niemand in der Firma darf über diese Ausgabe entscheiden. Die Verwaltung muss jemanden dafür hinzufügen; sie erfährt davon, sobald die Ausgabe eingereicht ist.',
  approved_automatically: ({ clause }) => `Niemand muss gefragt werden (${clause}).`,
}
