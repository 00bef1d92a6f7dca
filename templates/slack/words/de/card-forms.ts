import type { cardForms as english } from '../en/card-forms.ts'

export const cardForms: typeof english = {
  decide: {
    approve: { title: (number) => `Freigabe ${number}`, verb: 'Freigeben', question: '' },
    reject: {
      title: (number) => `Ablehnung ${number}`,
      verb: 'Ablehnen',
      question: 'Warum lehnen Sie ab?',
    },
    send_back: {
      title: (number) => `Rückgabe ${number}`,
      verb: 'Zurückgeben',
      question: 'Was soll geändert werden?',
    },
    ask: {
      title: (number) => `Frage ${number}`,
      verb: 'Nachfragen',
      question: 'Was möchten Sie wissen?',
    },
    sees: (who) => `${who} liest das.`,
    getsQuestion: (who) => `${who} erhält die Frage; die Freigabe bleibt bei Ihnen offen.`,
    proveYourself: 'Ein hoher Betrag: Bitte bestätigen Sie, dass Sie es sind.',
    codeFromApp: 'Geben Sie den Code ein, den Ihre Authenticator-App jetzt zeigt.',
    codeSent: (where, until) => `Wir haben einen Code gesendet: ${where}. Er gilt bis ${until}.`,
    youInSlack: 'an Sie in Slack',
    code: 'Code',
    notThere: 'Nach einer Minute noch nichts da? Ein neuer ersetzt den alten.',
    newCode: 'Neuen Code senden',
  },
  answer: {
    title: (number) => `Antwort ${number}`,
    verb: 'Antworten',
    yourAnswer: 'Ihre Antwort',
    sees: (who) => `${who} liest das.`,
    askersSee: 'Alle, die gefragt haben, lesen das.',
  },
  subject: (amount, merchant, who) => `*${amount}*, ${merchant}, von ${who}`,
  detailsForm: {
    title: 'Details',
    rate: (pair, date) => `Kurs vom ${date}: ${pair}`,
    findings: 'Was die Richtlinie sagt',
    judgedBy: (policy, version) => `Beurteilt nach „${policy}“, Version ${version} der Richtlinien`,
    earlierComments: (count) =>
      count === 1
        ? 'Ein früherer Kommentar wird nicht gezeigt.'
        : `${count} frühere Kommentare werden nicht gezeigt.`,
    history: 'Verlauf',
    events: {
      submitted: (who) => `eingereicht von ${who}`,
      approved: (who) => `freigegeben von ${who}`,
      rejected: (who) => `abgelehnt von ${who}`,
      sent_back: (who) => `zurückgegeben von ${who}`,
      objected: (who) => `Einwand von ${who}`,
      blocked: () => 'von der Richtlinie angehalten',
      cancelled: (who) => `verworfen von ${who}`,
      closed: (who) => `abgeschlossen von ${who}`,
      settled: (who) => `erstattet von ${who}`,
      withdrawn: (who) => `zurückgezogen von ${who}`,
      tookBack: (noun, who) => `${noun} zurückgenommen von ${who}`,
      undid: (noun, whose, who) => `${noun} von ${whose} aufgehoben durch ${who}`,
    },
    objection: 'Einwand',
  },
  severalForm: {
    title: 'Mehrere freigeben',
    approve: 'Freigeben',
    intro:
      'Haken Sie an, was Sie freigeben, die ältesten zuerst. Wo ein :warning: sagt, dass etwas auffällt, sehen Sie sich die Details an.',
    needCode: (list) => `*Diese brauchen einen Code*, darum entscheiden Sie sie im Reiter „Home“: ${list}.`,
    more: (count) =>
      `Das sind die ${count} ältesten. Es warten weitere: Öffnen Sie die Liste danach noch einmal.`,
    forWhom: (who) => `für ${who}`,
    kinds: { receipt: '', mileage: 'Kilometergeld ', per_diem: 'Tagespauschale ', request: 'Antrag: ' },
    approving: (count) => `${count === 1 ? 'Eine Ausgabe wird' : `${count} Ausgaben werden`} freigegeben…`,
    notApproved: (count) => `${count} nicht freigegeben`,
    approved: (count) => `${count} freigegeben`,
    chooseOne: 'Sie haben nichts angehakt, also wird nichts freigegeben.',
    needsCode: 'Dafür braucht es einen Code: Bitte entscheiden Sie im Reiter „Home“.',
    failed: 'Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es im Reiter „Home“.',
  },
  twin: {
    title: 'Die andere Ausgabe',
    why: 'Sie sehen das, weil die beiden sich gleichen. Es wird nichts automatisch zusammengelegt oder gelöscht.',
    differs: (who) => `${who} sagt, dass dies eine andere Ausgabe ist.`,
    ofOther: (who) => `Diese hier gehört ${who}. Sie sehen nur, was sich vergleichen lässt.`,
  },
}
