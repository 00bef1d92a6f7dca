interface Clause {
  name: string
  clause?: string | undefined
}

/** Where something stands in the company's rules: `4.2 Meals`, or the name alone. */
export const citation = ({ clause, name }: Clause): string => (clause ? `${clause} ${name}` : name)

/** What findings keep: the clause, else the name. */
export const clauseOf = ({ clause, name }: Clause): string => clause ?? name

/** Puts the citation in brackets before the end of a sentence: `Alcohol is not paid for (4.2 Meals).` */
export function cite(sentence: string, source: string | undefined): string {
  const [, text = '', end = ''] = /^([\s\S]*?)([.!?…]*)\s*$/.exec(sentence) ?? []
  return `${text}${source ? ` (${source})` : ''}${end || '.'}`
}
