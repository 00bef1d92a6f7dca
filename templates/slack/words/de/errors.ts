import { formatDate, formatInstant, formatMonth } from '../../../../src/kernel/calendar-date.ts'
import { joined } from '../../../expense-words.ts'
import { answerSaid, plainOf } from '../answer-said.ts'
import type { Errors } from '../told.ts'
import { common } from './common.ts'
import { talk } from './talk.ts'

const locale = 'de-DE'
const when = (instant: Date, timeZone = 'UTC') => formatInstant(instant, timeZone, locale)
const inWords = (month: string) => formatMonth(`${month}-01`, locale)

const decided: Partial<Record<string, string>> = {
  approved: 'freigegeben',
  rejected: 'abgelehnt',
  sent_back: 'zurückgegeben',
}
const needed: Partial<Record<string, string>> = common.theFields
const statuses: Partial<Record<string, string>> = common.statuses

/** `EXP-2026-0042 ist freigegeben`; what is not known is left out. */
const stands = (number = 'Diese Ausgabe', status = '') =>
  statuses[status] ? `${number} ist ${statuses[status]}` : null

const gone = 'Das gibt es nicht mehr. Bitte öffnen Sie die Liste noch einmal.'
const inactive = (name?: string) => `${name ?? 'Diese Person'} arbeitet nicht mehr hier.`

/** German for every error that a person can meet in Slack; those that English leaves to the error itself as well. */
export const errors: Errors = {
  file_not_ready:
    'Slack gibt mir die Datei nicht. Wurde sie gelöscht, oder bin ich in jener Unterhaltung nicht dabei? Schicken Sie sie mir einfach in unserer.',
  step_up_required:
    'Dafür braucht es jetzt einen Code. Drücken Sie noch einmal Freigeben…, auf der Karte oder im Reiter „Home“.',
  slack_user_unknown:
    'Ich kenne Sie noch nicht. Bitte lassen Sie sich in Outlay aufnehmen: Das macht, wer Outlay in Ihrer Firma verwaltet. Versuchen Sie es dann noch einmal.',
  slack_user_asked:
    'Ich kenne Sie noch nicht. Ich habe gebeten, Sie aufzunehmen. Sobald das geschehen ist, versuchen Sie es noch einmal.',
  slack_user_elsewhere:
    'Sie nutzen Outlay schon in einem anderen Slack-Workspace Ihrer Firma. Bitte schreiben Sie mir dort. Hier kann ich Ihnen helfen, sobald Sie dort kein Konto mehr haben.',
  slack_user_external:
    'Ich kann nur Menschen helfen, die zu diesem Workspace gehören. Fragen Sie bitte, wer Sie eingeladen hat, wohin Sie Ihre Belege schicken können.',
  person_inactive: 'Ihr Konto in Outlay ist nicht aktiv. Bitte wenden Sie sich an Ihre Outlay-Verwaltung.',
  amounts_not_rising: 'Das muss mehr sein als der Betrag darüber.',
  nobody_acts: 'Das kann nur ein Mensch tun.',
  button_unknown: 'Dieser Knopf geht nicht mehr. Bitte nehmen Sie die neueste Nachricht.',
  expense_unknown: 'Diese Ausgabe gibt es nicht.',
  not_yours: ({ noLongerFor }) =>
    noLongerFor
      ? `Sie entscheiden nicht mehr für ${noLongerFor}, also auch nicht hierüber.`
      : 'Das steht nur denen offen, die damit zu tun haben.',
  already_decided: ({ decidedBy, decidedFor, decidedAt, decision = '', timeZone, isTakingBack }) => {
    const so = isTakingBack ? ' Es lässt sich nicht mehr zurückziehen.' : ''
    if (!decidedBy || !decidedAt) return `Das ist schon entschieden.${so}`
    const who = decidedFor ? `${decidedBy} (für ${decidedFor})` : decidedBy
    return `${who} hat das schon ${decided[decision] ?? 'entschieden'}: ${when(decidedAt, timeZone)}.${so}`
  },
  not_decided: 'Das ist nicht entschieden, also gibt es nichts zurückzunehmen.',
  approval_unknown: 'Diese Anfrage gibt es nicht mehr.',
  request_outdated: ({ number, isTakingBack, why }) =>
    isTakingBack
      ? `Die Entscheidung über ${number ?? 'diese Ausgabe'} lässt sich nicht mehr zurücknehmen: Inzwischen ist es damit weitergegangen.`
      : why
        ? `${number ?? 'Diese Ausgabe'} kann nicht zurück in die Freigabe. ${why}`
        : `${number ?? 'Die Ausgabe'} hat sich geändert, seit Sie gefragt wurden. Bitte sehen Sie noch einmal hin.`,
  undone: ({ undoneBy, undoneAt, isOwn, timeZone }) => {
    if (!undoneBy || !undoneAt) return 'Eine Entscheidung wurde zurückgenommen, darum wird neu gefragt.'
    const who = isOwn ? 'Sie haben' : `${undoneBy} hat`
    return `${who} eine Entscheidung zurückgenommen (${when(undoneAt, timeZone)}), darum wird neu gefragt.`
  },
  transition_illegal: ({ number, status }) =>
    `${stands(number, status) ?? 'Die Ausgabe ist schon weiter'}, darum geht das nicht mehr.`,
  expense_locked: ({ number, status }) =>
    `${stands(number, status) ?? 'Die Ausgabe ist schon weiter'}, darum lässt sie sich nicht ändern.`,
  fields_missing: ({ missing = [] }) =>
    missing.length === 0
      ? 'Es fehlt noch etwas. Bitte öffnen Sie das Formular.'
      : `Es fehlt noch: ${joined(
          missing.map((field) => needed[field] ?? field),
          common.and,
        )}.`,
  looks_like_another: ({ expenses = [] }) =>
    `Das sieht aus wie ${joined(expenses, common.and)}. Ist es eine andere Ausgabe, sagen Sie das bitte in ihrem Formular. Sonst verwerfen Sie sie.`,
  no_question: 'Es gibt keine offene Frage mehr.',
  answered_otherwise: ({ number }) =>
    `Das ist schon beantwortet. Um ${number ?? 'die Ausgabe'} zu ändern, wählen Sie Bearbeiten.`,
  twin_gone: ({ number }) =>
    `${number ?? 'Dieser Ausgabe'} gleicht nichts mehr, also gibt es nichts zu vergleichen.`,
  nothing_waits: 'Auf Sie wartet nichts.',
  nobody_listens: ({ number }) =>
    `Mit ${number ?? 'dieser Ausgabe'} ist gerade niemand befasst, also würde das niemand lesen.`,
  comment_required: 'Bitte schreiben Sie etwas.',
  comment_too_long: 'Bitte schreiben Sie höchstens 2000 Zeichen.',
  amount_invalid: 'Das ist kein Betrag. Schreiben Sie ihn so: 12,50.',
  currency_unknown: 'Das ist kein Währungscode. Nehmen Sie drei Buchstaben wie EUR oder USD.',
  date_invalid: 'Das ist kein Datum. Schreiben Sie es so: 2026-03-31.',
  date_missing: 'Bitte geben Sie das Datum an.',
  date_in_future: 'Dieses Datum liegt in der Zukunft.',
  date_in_past:
    'Das ist für Geld, das noch nicht ausgegeben ist. Bitte nehmen Sie heute oder einen späteren Tag.',
  date_too_old: 'Dieses Datum liegt zu lange zurück.',
  dates_reversed: 'Der letzte Tag liegt vor dem ersten.',
  month_invalid: 'Das ist kein Monat. Schreiben Sie ihn so: 2026-10.',
  amount_missing: 'Bitte geben Sie den Betrag an.',
  from_missing: 'Bitte schreiben Sie, wo die Fahrt begann.',
  to_missing: 'Bitte schreiben Sie, wo sie endete.',
  shares_too_few: 'Bitte geben Sie mindestens zwei Teile an, oder keinen.',
  shares_too_many: 'Bitte geben Sie höchstens 20 Teile an.',
  shares_too_small: 'Das ist zu wenig für die Teile, in die es aufgeteilt ist.',
  shares_sum: 'Die Teile ergeben zusammen nicht den Betrag.',
  request_other_category: ({ number }) => `${number ?? 'Dieser Antrag'} ist für eine andere Kategorie.`,
  no_rate:
    'Für diesen Tag gibt es keinen Wechselkurs. Bitte geben Sie an, was in der Währung Ihrer Firma abgebucht wurde.',
  delegate_inactive: ({ name }) => inactive(name),
  delegation_overlaps: ({ name, principal, from, to }) => {
    const end = 'Beenden Sie das zuerst, oder wählen Sie andere Tage.'
    if (!name || !from || !to) return `An diesen Tagen entscheidet schon jemand. ${end}`
    const days = `vom ${formatDate(from, locale)} bis zum ${formatDate(to, locale)}`
    return `${name} entscheidet schon ${days} für ${principal ?? 'Sie'}. ${end}`
  },
  merchant_missing: 'Bitte schreiben Sie, wo das Geld ausgegeben wurde.',
  merchant_too_long: 'Bitte kürzen Sie das auf 200 Zeichen.',
  category_unknown: 'Bitte wählen Sie eine der Kategorien.',
  category_closed: 'Diese Kategorie steht nicht mehr zur Wahl. Bitte nehmen Sie eine andere.',
  category_split: 'Die Ausgabe ist aufgeteilt: Bitte ändern Sie die Kategorien ihrer Teile.',
  reason_unknown: 'Bitte wählen Sie einen der Anlässe.',
  cost_centre_unknown: 'Bitte wählen Sie eine der Kostenstellen.',
  attendees_too_long: 'Bitte höchstens 100 Namen mit je höchstens 100 Zeichen, durch Kommas getrennt.',
  request_unknown: 'Bitte wählen Sie einen Ihrer freigegebenen Anträge.',
  request_not_open: 'Aus diesem Antrag lässt sich nichts mehr ausgeben.',
  nothing_left: 'Davon ist nichts übrig.',
  rate_unknown: 'Bitte wählen Sie einen der Sätze.',
  no_rates: 'Dafür hat Ihre Firma noch keine Sätze. Bitte wenden Sie sich an Ihre Outlay-Verwaltung.',
  no_categories: 'Ihre Firma hat noch keine Kategorien. Bitte wenden Sie sich an Ihre Outlay-Verwaltung.',
  distance_invalid: 'Bitte geben Sie die Entfernung als Zahl an, etwa 1200 oder 12,5, und höchstens 10000.',
  too_many_attempts: 'Das waren zu viele falsche Codes. Bitte versuchen Sie es später mit einem neuen.',
  too_many_codes:
    'Sie haben in kurzer Zeit mehrere Codes angefordert und nicht benutzt. Bitte versuchen Sie es später noch einmal.',
  too_many_decisions: 'Bitte entscheiden Sie über weniger auf einmal.',
  delegate_missing: 'Bitte wählen Sie, wer für Sie entscheidet.',
  delegate_unknown: 'Diese Person kenne ich nicht.',
  delegate_ambiguous: 'Mehrere heißen so. Bitte schreiben Sie die E-Mail-Adresse.',
  delegation_to_self: 'Bitte wählen Sie jemand anders.',
  delegation_in_past: 'Der letzte Tag ist schon vorbei.',
  delegation_too_long: 'Bitte wählen Sie weniger Tage.',
  delegation_unknown: 'Diese Vertretung gibt es nicht.',
  from_in_past: 'Der erste Tag darf nicht in der Vergangenheit liegen.',
  admin_required: 'Das kann nur die Outlay-Verwaltung Ihrer Firma.',
  file_elsewhere: 'Ich kann nur Dateien lesen, die in Slack liegen.',
  file_too_large: ({ file }) => `${file ?? 'Diese Datei'} ist zu groß: Belege dürfen bis zu 25 MB haben.`,
  file_not_receipt: ({ file }) =>
    `${file ?? 'Das'} ist weder ein Bild noch ein PDF, also kann ich es nicht als Beleg lesen.`,
  receipts_known: ({ number }) => `${number ?? 'Die Ausgabe'} hat diesen Beleg schon.`,
  too_many_receipts: ({ number, most }) =>
    `${number ?? 'Die Ausgabe'} kann höchstens ${most ?? 20} Belege haben.`,
  takes_no_receipts: ({ number }) =>
    `Zu ${number ?? 'dieser Ausgabe'} gehören keine Belege, also wurde nichts hinzugefügt.`,
  payload_refused: 'Das verstehe ich nicht.',
  question_answered: ({ answer, files = 1 }) =>
    answer
      ? talk.alreadyAnswered(plainOf(answerSaid(answer, files, { talk, common })))
      : 'Das haben Sie schon beantwortet.',
  not_your_question: 'Das kann nur beantworten, wer die Dateien geschickt hat.',
  too_late: ({ until, timeZone }) =>
    until
      ? `Das ließ sich bis ${when(until, timeZone)} zurücknehmen.`
      : 'Entscheidungen lassen sich hier nicht zurücknehmen.',
  closed:
    'Die Anfrage ist beendet, und nicht durch diese Entscheidung: Sie zurückzunehmen würde nichts ändern.',
  not_asked: 'Sie sind noch nicht an der Reihe: Ein früherer Schritt ist noch offen.',
  counted_already:
    'Sie zählen in diesem Schritt schon, und jede Person zählt nur einmal: Hier muss jemand anders entscheiden.',
  own_expense: ({ number }) =>
    number
      ? `${number} ist Ihre eigene Ausgabe: Jemand anders aus der Finanzabteilung markiert sie als erstattet. Es wurde nichts geändert.`
      : 'Über Ihre eigenen Ausgaben entscheidet jemand anders.',
  request_drawn: ({ number, expenses = [] }) => {
    const others = expenses.length > 3 ? ` und ${expenses.length - 3} weitere` : ''
    const draw = expenses.length === 1 ? 'nutzt' : 'nutzen'
    return expenses.length === 0
      ? 'Diese Freigabe lässt sich nicht mehr zurücknehmen: Der Antrag wird schon genutzt.'
      : `Die Freigabe von ${number ?? 'diesem Antrag'} lässt sich nicht mehr zurücknehmen: ${expenses.slice(0, 3).join(', ')}${others} ${draw} sie schon.`
  },
  principal_inactive: ({ name }) => inactive(name),
  code_expired: 'Dieser Code gilt nicht mehr. Bitte fordern Sie einen neuen an.',
  code_wrong: ({ wasUsed, ofThisCode, ofAll }) => {
    if (ofThisCode === undefined || ofAll === undefined) return 'Der Code hat sechs Ziffern.'
    const what = wasUsed
      ? 'Dieser Code ist schon benutzt: Bitte warten Sie auf den nächsten.'
      : 'Das ist nicht der Code.'
    const left = Math.min(ofThisCode, ofAll)
    if (ofAll <= 0) return `${what} Das waren zu viele falsche. Bitte versuchen Sie es später noch einmal.`
    if (left <= 0) return `${what} Bitte fordern Sie einen neuen an.`
    return `${what} Sie haben noch ${left === 1 ? 'einen Versuch' : `${left} Versuche`}.`
  },
  step_up_impossible:
    'Für so viel Geld braucht es einen Code, und es gibt keinen anderen Weg, Ihnen einen zu schicken. Bitte lassen Sie sich von Ihrer Outlay-Verwaltung eine Authenticator-App einrichten.',
  finance_required: 'Das kann nur die Finanzabteilung.',
  month_closed: ({ month, by, at, timeZone }) =>
    month && by && at
      ? `${by} hat ${inWords(month)} schon abgeschlossen: ${when(at, timeZone)}.`
      : 'Dieser Monat ist schon abgeschlossen.',
  month_not_over: ({ month, opensAt, timeZone }) =>
    month && opensAt
      ? `${inWords(month)} ist noch nicht vorbei. Abschließen können Sie ihn ab ${when(opensAt, timeZone)}.`
      : 'Dieser Monat ist noch nicht vorbei.',
  month_order: ({ first }) =>
    `Schließen Sie zuerst ${first ? inWords(first) : 'den Monat davor'} ab: Es geht der Reihe nach.`,
  nothing_to_close: ({ month, first }) =>
    month && first
      ? `Vor ${inWords(first)} wurde nichts freigegeben, also gibt es für ${inWords(month)} nichts abzuschließen.`
      : 'Es wurde noch nichts freigegeben, also gibt es nichts abzuschließen.',
  no_months: 'Es wurde noch nichts freigegeben. Darum gibt es noch keinen Monat.',
  not_payable: ({ number, kind, status }) =>
    kind === 'request'
      ? `${number ?? 'Das'} ist ein Ausgabenantrag: Da gibt es nichts zu erstatten. Es wurde nichts geändert.`
      : `${stands(number, status) ?? 'Die Ausgabe ist nicht freigegeben'} und lässt sich nicht als erstattet markieren. Es wurde nichts geändert.`,
  locale_unknown: ({ typed = '' }) =>
    `„${typed}“ ist keine Sprache, die ich kenne. Schreiben Sie sie wie de-DE oder en.`,
  notify_by_unknown: 'Wählen Sie Slack, E-Mail oder beides.',
  quiet_hours_incomplete: 'Ruhezeiten brauchen Beginn und Ende. Geben Sie beide an, oder keins von beiden.',
  quiet_hours_empty:
    'So enden die Ruhezeiten, wenn sie beginnen. Wählen Sie eine andere Zeit, oder geben Sie keine an.',
  time_invalid: ({ typed = '' }) => `„${typed}“ ist keine Uhrzeit. Schreiben Sie sie so: 22:00.`,
  digest_over_invalid: 'Schreiben Sie eine ganze Zahl von 0 bis 1000. Mit 0 gibt es nie eine Übersicht.',
  person_unknown: 'Diese Person kenne ich nicht.',
  field_not_for_kind: 'Das lässt sich hier nicht eingeben: Es ergibt sich aus den übrigen Angaben.',
  shares_invalid: 'Das ist zu wenig für die Teile, in die es aufgeteilt ist.',
  stay_too_long: ({ most }) => `Bitte geben Sie höchstens ${most ?? 366} Tage auf einmal an.`,
  meals_invalid: 'Bitte geben Sie eine ganze Zahl an, höchstens so viele, wie es Tage sind.',
  fields_invalid: 'Einige Angaben stimmen noch nicht. Bitte sehen Sie sie noch einmal durch.',
  nothing_changed: 'Es ist nichts anders als jetzt.',
  entry_unknown: gone,
  change_unknown: 'Diese Änderung gibt es nicht mehr. Bitte öffnen Sie das Formular noch einmal.',
  entry_changed:
    'Das hat inzwischen jemand anders geändert. Bitte öffnen Sie es noch einmal, damit nichts überschrieben wird.',
  entry_there: ({ name }) => (name ? `„${name}“ gibt es schon.` : 'Das gibt es schon.'),
  entry_too_long: ({ name }) =>
    `${name ? `„${name}“` : 'Dieser Eintrag'} ist länger, als ein Formular in Slack fasst. Ändern Sie ihn in der Datei: outlay org export.`,
  entry_invalid: ({ why }) =>
    why ? `Das passt nicht zusammen: ${why}` : 'Bitte sehen Sie die Angaben noch einmal durch.',
  name_fixed: 'Am Namen ist die Firma zu erkennen, darum lässt er sich nicht ändern.',
  currency_fixed:
    'Die Währung lässt sich nicht mehr ändern: Ausgaben, Kurse, Vertretungen oder Richtlinien stehen schon in ihr.',
  email_taken: 'Diese Adresse hat schon jemand in einer anderen Firma.',
  last_admin: 'Eine Firma braucht jemanden in der Verwaltung. Geben Sie diese Rolle zuerst jemand anderem.',
  choice_unknown: 'Das steht nicht zur Wahl. Bitte wählen Sie aus der Liste.',
}
