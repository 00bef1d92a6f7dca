import type { talk as english } from '../en/talk.ts'

export const talk: typeof english = {}
