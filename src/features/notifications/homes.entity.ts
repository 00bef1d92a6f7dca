import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql'

/** The App Home of somebody who opened it at least once. */
export const SlackHome = defineEntity({
  name: 'SlackHome',
  properties: {
    personId: p.uuid().primary(),
    companyId: p.uuid(),
    openedAt: p.datetime(),
    /** When we last began to show it, and Slack's name for what it shows since. */
    publishedAt: p.datetime().strictNullable(),
    viewHash: p.string().strictNullable(),
    shown: p.json<ShownHome>(),
  },
})
export type SlackHome = InferEntity<typeof SlackHome>

/** The lists of App Home that have pages. */
export const homeLists = [
  'waiting',
  'sentBack',
  'drafts',
  'recent',
  'requests',
  'delegations',
  'strangers',
  'stuck',
] as const
export type HomeList = (typeof homeLists)[number]

/** What somebody looks at in their App Home. */
export interface ShownHome {
  /** By list: the last line of each page before the one that is shown. A list that is not named shows its first page. */
  pages: Partial<Record<HomeList, string[]>>
  /** What came of a button that was pressed there, in a sentence for them; gone when Home is opened anew. */
  note: string | null
}
