import type { talk as english } from '../en/talk.ts'

export const talk: typeof english = {
  help: 'Schicken Sie mir hier ein Foto oder PDF eines Belegs, und ich lese ihn für Sie. Oder schreiben Sie, was Sie ausgegeben haben, etwa „Taxi 23,50 EUR gestern“.',
  helpInChannel:
    'Posten Sie hier ein Foto oder PDF eines Belegs. Oder erwähnen Sie mich und schreiben Sie dazu, was Sie ausgegeben haben, etwa „Taxi 23,50 EUR gestern“.',
  noted: (who, count) =>
    count === 0
      ? `Die Ausgabe von ${who} ist bei mir. Weiter geht es in unserer Unterhaltung, die sonst niemand liest.`
      : count === 1
        ? `Der Beleg von ${who} ist bei mir. Weiter geht es in unserer Unterhaltung, die sonst niemand liest.`
        : `${count} Belege von ${who} sind bei mir. Weiter geht es in unserer Unterhaltung, die sonst niemand liest.`,
  severalAmounts: (amounts) =>
    `Ich sehe mehrere Beträge: ${amounts}. Schreiben Sie jede Ausgabe als eigene Nachricht mit einem Betrag.`,
  tooManyFiles: (count) =>
    `Das sind ${count} Dateien. Ich nehme bis zu 10 in einer Nachricht; bitte verteilen Sie sie auf mehrere.`,
  tooMuch: (file) =>
    `${file}: Das ist zu viel für eine Nachricht. Bitte schicken Sie die Datei in einer weiteren.`,
  severalFiles: (count) => `*${count} Dateien:* je eine Ausgabe, oder eine Ausgabe mit ${count} Belegen?`,
  fileInThread: (numbers) => `*Gehört das zu ${numbers}, oder ist es eine neue Ausgabe?*`,
  filesInThread: (count, numbers) =>
    `*${count} Dateien:* gehören sie zu ${numbers}, oder sind es neue Ausgaben?`,
  fileAlone: '*Aus dieser Datei eine neue Ausgabe machen?*',
  oneEach: 'Je eine Ausgabe',
  together: (count) => `Eine Ausgabe, ${count} Belege`,
  newExpense: 'Neue Ausgabe',
  addTo: (number) => `Zu ${number}`,
  madeEach: (count, numbers) => `*${count} Dateien, je eine Ausgabe:* ${numbers}`,
  madeTogether: (count, number) => `*${count} Dateien, eine Ausgabe:* ${number}`,
  madeNew: (number) => `*Eine neue Ausgabe:* ${number}`,
  wasAdded: (count, number) =>
    count === 1 ? `*Zu ${number} hinzugefügt.*` : `*${count} Dateien zu ${number} hinzugefügt.*`,
  expiredQuestion:
    'Einen Monat lang kam keine Antwort, also habe ich nichts daraus gemacht. Senden Sie es noch einmal, um es einzureichen.',
  deletedQuestion: 'Sie haben die Nachricht gelöscht, also habe ich nichts daraus gemacht.',
  stillWaiting: (count) =>
    count === 1
      ? 'Ihre Datei wartet noch auf Ihre Antwort.'
      : `Ihre ${count} Dateien warten noch auf Ihre Antwort.`,
  alreadyAnswered: (answer) => `Sie haben schon gewählt: ${answer}`,
  passedOn: (number, names) =>
    names === ''
      ? `Ich habe das weitergegeben. Es geht um ${number}.`
      : `Ich habe das an ${names} weitergegeben. Es geht um ${number}.`,
  decideByButtons: 'Zum Entscheiden nutzen Sie die Knöpfe oben.',
  askedSubmitter: (name) => `Ich habe ${name} gefragt. Die Antwort kommt hierher.`,
  stillYours: (number, status) =>
    `${number} ist ${status}, darum liest hier niemand mit. Zum Ändern drücken Sie oben Bearbeiten.`,
  nobodyReads: (number, status) => `${number} ist ${status}, darum liest hier niemand mit.`,
  editedDraft: (number, said) =>
    `Ich behalte ${number}, wie Sie es zuerst geschrieben haben: ${said}. Zum Ändern drücken Sie Bearbeiten.`,
  deletedDraft: (numbers, count) =>
    count === 1
      ? `Sie haben die Nachricht gelöscht. ${numbers} ist noch ein Entwurf: Verwerfen Sie ihn, wenn Sie ihn nicht brauchen.`
      : `Sie haben die Nachricht gelöscht. ${numbers} sind noch Entwürfe: Verwerfen Sie, was Sie nicht brauchen.`,
  discard: (number) => `${number} verwerfen`,
  discardSure: 'Verwerfen?',
  discardMeans: (number) => `${number} wird nicht eingereicht.`,
  discardIt: 'Verwerfen',
  makeTitle: 'Ausgabe anlegen',
  makeReady: (numbers) => `${numbers} ist jetzt ein Entwurf. Sie finden ihn in unserer Unterhaltung.`,
  makeKnown: (numbers) => `Aus dieser Nachricht ist schon eine Ausgabe geworden: ${numbers}.`,
  makeAsked:
    'In dieser Nachricht sind mehrere Dateien. Ich frage Sie in unserer Unterhaltung, was daraus werden soll.',
  makeNothing: 'In dieser Nachricht ist weder ein Beleg noch ein Betrag, darum wird daraus keine Ausgabe.',
  makeOwn: 'Diese Nachricht ist von mir. Wählen Sie eine mit einem Beleg oder einem Betrag.',
  unknownCommand: (typed) => `„${typed}“ kenne ich nicht.`,
  didYouMean: (name) => `Meinten Sie „${name}“?`,
  moreHelp: '„/expense hilfe“ zeigt alles.',
  helpTitle: 'So geht es mit Outlay',
  helpGroups: { submit: 'Ausgabe einreichen', see: 'Überblick', decide: 'Freigeben', more: 'Mehr' },
  helpReceipt:
    '*Schicken Sie mir ein Foto oder PDF des Belegs* in unserer Unterhaltung. Ich lese ihn für Sie.',
  helpText:
    '*Oder schreiben Sie, was Sie ausgegeben haben*, etwa „Taxi 23,50 EUR gestern“, dort oder nach `/expense`.',
  helpShortcut: '*Make this an expense* im Menü einer Nachricht macht dasselbe mit dieser Nachricht.',
  commands: {
    new: ['', 'öffnet das Formular'],
    status: ['status', 'zeigt Ihre neueste Ausgabe; `status 42` eine andere'],
    list: ['liste', 'zeigt mehrere'],
    approvals: ['freigaben', 'zeigt, was auf Ihre Entscheidung wartet'],
    report: ['bericht', 'fasst Ihren Monat zusammen; `bericht 2026-10` einen anderen'],
    policy: ['richtlinie', 'zeigt die Regeln Ihrer Firma'],
    request: ['antrag', 'beantragt Geld, bevor Sie es ausgeben'],
    mileage: ['kilometer', 'rechnet eine Fahrt im eigenen Auto ab'],
    perDiem: ['tagessatz', 'rechnet Reisetage pauschal ab'],
    delegate: ['vertretung', 'lässt jemanden für Sie entscheiden, solange Sie weg sind'],
    delegateEnd: ['vertretung ende', 'beendet das'],
    settings: ['einstellungen', 'ändert Ihre Sprache und wie ich Sie erreiche'],
  },
  typedReady: (number, said) => `*${number}* ist ein Entwurf in unserer Unterhaltung: ${said}`,
  showDraft: 'Entwurf zeigen',
  showQuestion: 'Frage zeigen',
  showExpense: 'Zeigen',
  budget: 'Es gibt noch keine Budgets. „/expense bericht“ fasst zusammen, was Sie eingereicht haben.',
  listTitle: 'Ihre neuesten Ausgaben',
  listEmpty: 'Sie haben noch keine Ausgaben. Schicken Sie mir einen Beleg, um zu beginnen.',
  listMore: 'Ältere finden Sie im Reiter „Home“.',
  draft: 'Entwurf',
  reading: 'wird gelesen',
  waitingFor: (names) => `wartet auf ${names}`,
  statusOthers:
    'Das ist Ihre neueste Ausgabe. `/expense status 42` zeigt eine andere, `/expense liste` mehrere.',
  statusNone: (typed) => `Zu „${typed}“ finde ich keine Ausgabe von Ihnen.`,
  statusSeveral: 'Ich finde mehrere. Schreiben Sie die Nummer der Ausgabe, die Sie meinen.',
  missing: (fields) => `Es fehlt noch: ${fields}.`,
  byWhom: (name) => `Von ${name}`,
  approvalsTitle: (count, hasMore) =>
    hasMore
      ? `Die ersten ${count}, die auf Ihre Entscheidung warten`
      : count === 1
        ? '1 Anfrage wartet auf Ihre Entscheidung'
        : `${count} Anfragen warten auf Ihre Entscheidung`,
  approvalsNone: 'Auf Sie wartet nichts.',
  approveSeveral: 'Mehrere freigeben',
  details: 'Details',
  detailsOf: (number) => `Details zu ${number}`,
  inPlaceOf: (name) => `für ${name}`,
  needsCode: 'mit Code',
  reportTitle: (month) => `Was Sie für ${month} eingereicht haben`,
  reportNone: (month) => `Für ${month} haben Sie nichts eingereicht.`,
  reportTotal: (total, count) =>
    `*${total}* in ${count === 1 ? '1 Ausgabe' : `${count} Ausgaben`}, freigegeben oder unterwegs`,
  reportCategories: 'Wofür',
  reportStatuses: 'Was daraus wurde',
  policyTitle: 'Regeln der Firma',
  policyNone: 'Ihre Firma hat noch keine Regeln: Über jede Ausgabe entscheidet die Finanzabteilung.',
  policyIntro: (version) =>
    `Diese Regeln gelten jetzt (Version ${version}). Die erste, die auf eine Ausgabe passt, sagt, wer sie freigibt.`,
  policies: 'Wer freigibt',
  rules: 'Was sonst gilt',
  limits: 'Grenzen',
}
