import type { ReasonWords } from '../../../../../src/features/approvals/index.ts'

const decides = {
  finance: 'Darum entscheidet die Finanzabteilung',
  admin: 'Darum entscheidet die Verwaltung',
}

/** Why somebody is asked. Each reads after “Warum Sie gefragt werden: ” and “Grund: ”, and ends without a full stop. */
export const reasons: ReasonWords = {
  manager: ({ submitter }) => `Die Richtlinie verlangt die Führungskraft von ${submitter}`,
  manager_above: ({ submitter }) =>
    `Die Richtlinie verlangt die Führungskraft von ${submitter}, und die nächsthöhere springt ein`,
  finance: () => 'Hier entscheidet die Finanzabteilung',
  admin: () => 'Hier entscheidet die Verwaltung',
  level: ({ level }) => `Die Richtlinie verlangt die Stufe ${level}`,
  level_above: ({ wanted, found }) =>
    `Die Richtlinie verlangt mindestens die Stufe ${wanted}, und ${found} ist die nächsthöhere`,
  category: () => 'Die Richtlinie verlangt, wer für diese Kategorie zuständig ist',
  category_manager: ({ submitter }) =>
    `Die Richtlinie verlangt, wer für diese Kategorie zuständig ist, und eine Führungskraft von ${submitter} springt ein`,
  named: ({ name }) => `Die Richtlinie verlangt ${name}`,
  named_manager: ({ name }) =>
    `Die Richtlinie verlangt ${name}, und die nächsthöhere Führungskraft springt ein`,
  too_few: ({ needed, decides: who }) =>
    `${needed} Personen müssen zustimmen, und zu wenige andere dürfen das. ${decides[who]}`,
  nobody_at_level: ({ level, submitter, decides: who }) =>
    `Niemand ab der Stufe ${level} darf für ${submitter} entscheiden. ${decides[who]}`,
  no_manager: ({ submitter, decides: who }) =>
    `${submitter} hat keine Führungskraft, die entscheiden darf. ${decides[who]}`,
  nobody_for_category: ({ submitter, decides: who }) =>
    `Niemand, der für diese Kategorie zuständig ist, darf entscheiden, und keine Führungskraft von ${submitter}. ${decides[who]}`,
  nobody_in_finance: ({ decides: who }) => `Niemand in der Finanzabteilung darf entscheiden. ${decides[who]}`,
  no_admin: ({ decides: who }) => `Niemand in der Verwaltung darf entscheiden. ${decides[who]}`,
  nobody_named: ({ name, decides: who }) =>
    `Weder ${name} noch eine Führungskraft darf entscheiden. ${decides[who]}`,
  unanswered: ({ who, onBehalfOf, since, timeZone }, { day }) =>
    `${onBehalfOf === null ? who : `${who} (für ${onBehalfOf})`} hat seit ${day(since, timeZone)} nicht geantwortet`,
  delegate: ({ principal, until, reason }, say) =>
    `Sie entscheiden bis ${say.date(until)} für ${principal}. ${say.reason(reason)}`,
}
