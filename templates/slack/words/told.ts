/** What became of the question what to make of files. */
export type QuestionAnswer =
  | { kind: 'one_each' | 'together'; numbers: string[] }
  | { kind: 'added'; number: string }
  | { kind: 'deleted' | 'expired' }

/**
 * What an error knows besides its code (its `details`), for the sentence that tells of it: each is there or not, as one
 * code may stand for several situations. Names are as people wrote them: whoever shows the sentence escapes it.
 */
export interface Told {
  /** Of an expense. */
  number?: string | undefined
  status?: string | undefined
  kind?: string | undefined
  /** Expenses by number. */
  expenses?: string[] | undefined
  /** Who decided what, in whose place, and when. */
  decidedBy?: string | undefined
  decidedFor?: string | null | undefined
  decidedAt?: Date | undefined
  decision?: string | undefined
  /** Whoever reads it wanted to take something back. */
  isTakingBack?: boolean | undefined
  undoneBy?: string | undefined
  undoneAt?: Date | undefined
  /** Whoever reads it did it. */
  isOwn?: boolean | undefined
  noLongerFor?: string | undefined
  /** Until when something was possible. */
  until?: Date | undefined
  /** Of the company: in which its instants are told. */
  timeZone?: string | undefined
  /** Of a person or an entry. */
  name?: string | undefined
  principal?: string | undefined
  /** The first and last day of a delegation. */
  from?: string | undefined
  to?: string | undefined
  /** Who did something, and when. */
  by?: string | undefined
  at?: Date | undefined
  month?: string | undefined
  /** The month to begin with. */
  first?: string | undefined
  opensAt?: Date | undefined
  file?: string | undefined
  typed?: string | undefined
  /** At most so many. */
  most?: number | undefined
  /** Tries with a code. */
  wasUsed?: boolean | undefined
  ofThisCode?: number | undefined
  ofAll?: number | undefined
  /** What was answered about so many files. */
  answer?: QuestionAnswer | undefined
  files?: number | undefined
  /** Fields of an expense that are missing. */
  missing?: string[] | undefined
  /** A sentence in the language of the company. */
  why?: string | undefined
}

/** The sentences for errors, by their code. */
export type Errors = Readonly<Record<string, string | ((told: Told) => string)>>
