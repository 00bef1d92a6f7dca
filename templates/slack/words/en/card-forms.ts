/** What the forms say that open from a card or a message. */
export const cardForms = {
  decide: {
    approve: { title: (number: string) => `Approve ${number}`, verb: 'Approve', question: '' },
    reject: {
      title: (number: string) => `Reject ${number}`,
      verb: 'Reject',
      question: 'Why is it rejected?',
    },
    send_back: {
      title: (number: string) => `Send back ${number}`,
      verb: 'Send back',
      question: 'What should be changed?',
    },
    ask: {
      title: (number: string) => `Ask about ${number}`,
      verb: 'Ask',
      question: 'What would you like to know?',
    },
    sees: (who: string) => `${who} sees this.`,
    getsQuestion: (who: string) => `${who} gets the question; it stays open for you.`,
    proveYourself: 'A large amount: please prove that it is you.',
    codeFromApp: 'Please type the code that your authenticator app shows now.',
    codeSent: (where: string, until: string) => `We sent a code to ${where}. It is good until ${until}.`,
    youInSlack: 'you in Slack',
    code: 'Code',
    notThere: 'Not there after a minute? A new one takes its place.',
    newCode: 'Send a new code',
  },
  answer: {
    title: (number: string) => `Answer ${number}`,
    verb: 'Answer',
    yourAnswer: 'Your answer',
    sees: (who: string) => `${who} sees this.`,
    askersSee: 'Those who asked see this.',
  },
  subject: (amount: string, merchant: string, who: string) => `*${amount}*, ${merchant}, from ${who}`,
  detailsForm: {
    title: 'Details',
    /** `Rate of Nov 1, 2026: 1 EUR = 1.165 USD` */
    rate: (pair: string, date: string) => `Rate of ${date}: ${pair}`,
    findings: 'What policy says',
    judgedBy: (policy: string, version: number) =>
      `Judged by “${policy}”, version ${version} of the policies`,
    earlierComments: (count: number) =>
      count === 1 ? 'One earlier comment is not shown.' : `${count} earlier comments are not shown.`,
    history: 'History',
    /** What happened, and who did it. */
    events: {
      submitted: (who: string) => `submitted by ${who}`,
      approved: (who: string) => `approved by ${who}`,
      rejected: (who: string) => `rejected by ${who}`,
      sent_back: (who: string) => `sent back by ${who}`,
      objected: (who: string) => `objected to by ${who}`,
      blocked: (_who: string) => `blocked by policy`,
      cancelled: (who: string) => `discarded by ${who}`,
      closed: (who: string) => `closed by ${who}`,
      settled: (who: string) => `marked as paid by ${who}`,
      withdrawn: (who: string) => `taken back by ${who}`,
      tookBack: (noun: string, who: string) => `${noun} taken back by ${who}`,
      undid: (noun: string, whose: string, who: string) => `${noun} of ${whose} undone by ${who}`,
    },
    objection: 'objection',
  },
  severalForm: {
    title: 'Approve several',
    approve: 'Approve',
    intro:
      'Tick what you approve, oldest first. Where a :warning: says that something stands out, look at the details.',
    needCode: (list: string) => `*These need a code*, so decide them in Home: ${list}.`,
    more: (count: number) =>
      `These are the ${count} oldest. More are waiting: open this again when these are decided.`,
    forWhom: (who: string) => `for ${who}`,
    kinds: { receipt: '', mileage: 'Mileage ', per_diem: 'Per diem ', request: 'To spend: ' },
    approving: (count: number) => `Approving ${count === 1 ? 'one expense' : `${count} expenses`}…`,
    notApproved: (count: number) => `${count} not approved`,
    approved: (count: number) => `${count} approved`,
    chooseOne: 'You ticked nothing, so nothing is approved.',
    needsCode: 'It needs a code: please decide it in Home.',
    failed: 'Something went wrong on our side. Please try it in Home.',
  },
  twin: {
    title: 'The other expense',
    why: 'Shown because the two look alike. Nothing is merged or removed automatically.',
    /** Of the submitter. */
    differs: (who: string) => `${who} says that this is another one.`,
    ofOther: (who: string) => `This one is ${who}’s. You only see what there is to compare.`,
  },
}
