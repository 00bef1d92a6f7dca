import type { common as english } from '../en/common.ts'

/**
 * German: “Sie”, short, active. One word for one thing: expense Ausgabe, receipt Beleg, approve freigeben, approval
 * Freigabe, approval request Anfrage, approver Freigebende(r) (better: who it is), reject ablehnen, send back zurückgeben, submit einreichen, take
 * back zurückziehen, undo zurücknehmen, discard verwerfen, draft Entwurf, request to spend Ausgabenantrag, mileage
 * Kilometergeld, per diem Tagespauschale, merchant Händler, cost centre Kostenstelle, reason Anlass, settled erstattet,
 * policy Richtlinie, finance Finanzabteilung, delegation Vertretung, digest Übersicht, statement Spesenbeleg, admin
 * Verwaltung.
 */
export const common: typeof english = {
  close: 'Schließen',
  cancel: 'Abbrechen',
  keep: 'Behalten',
  show: 'Ansehen',
  nothing: '—',
  and: 'und',
  or: 'oder',
  nobody: 'niemand',
  somebody: 'jemand',
  others: (count) => (count === 1 ? 'eine weitere Person' : `${count} weitere`),
  andMore: (count) => `und ${count} weitere`,
  oneMoment: 'Einen Moment…',
  notDone: 'Nicht erledigt',
  sorry: 'Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es gleich noch einmal.',
  slackIsBusy: (seconds: number) =>
    `Slack ist gerade überlastet. Bitte versuchen Sie es in ${seconds <= 1 ? 'einer Sekunde' : `${seconds} Sekunden`} noch einmal.`,
  tooLate: 'Das hat etwas zu lange gedauert. Bitte versuchen Sie es noch einmal.',
  pleaseCheck: 'bitte prüfen',
  moreThanFits: 'Es gibt mehr, als hier Platz hat.',
  instant: '{date_short} um {time}',
  quoted: (text) => `„${text}“`,
  days: (count) => (count === 1 ? '1 Tag' : `${count} Tage`),
  statuses: {
    draft: 'ein Entwurf',
    submitted: 'eingereicht',
    awaiting_approval: 'in der Freigabe',
    approved: 'freigegeben',
    rejected: 'abgelehnt',
    sent_back: 'zurückgegeben',
    blocked: 'blockiert',
    cancelled: 'verworfen',
    settled: 'erstattet',
  },
  kinds: {
    receipt: 'Ausgabe',
    mileage: 'Kilometergeld',
    per_diem: 'Tagespauschale',
    request: 'Ausgabenantrag',
  },
  receiptOf: (number) => `Beleg ${number}`,
  unnamedFile: 'Beleg',
  fields: {
    merchant: 'Händler',
    amount: 'Betrag',
    currency: 'Währung',
    date: 'Datum',
    category: 'Kategorie',
    costCentre: 'Kostenstelle',
    reason: 'Anlass',
    attendees: 'Teilnehmende',
    note: 'Notiz',
    request: 'Ausgabenantrag',
    paidBy: 'Bezahlt von',
    submittedBy: 'Eingereicht von',
    status: 'Status',
    team: 'Team',
  },
  company: 'Firma',
  theFields: {
    merchant: 'der Händler',
    amount: 'der Betrag',
    currency: 'die Währung',
    date: 'das Datum',
    category: 'die Kategorie',
    trip: 'die Fahrt',
    stay: 'die Reisetage',
  },
  channels: {
    slack: 'in Slack',
    email: 'über den Link in einer E-Mail',
    api: 'über die API',
    web: 'auf einer Webseite',
    cli: 'über die Kommandozeile',
    system: 'automatisch',
  },
}
