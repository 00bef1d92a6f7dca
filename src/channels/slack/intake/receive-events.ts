import { z } from 'zod'
import { showOpenedHome } from '../home/home.ts'
import type { EventListener } from '../transport/listeners.ts'

/** https://docs.slack.dev/reference/events/app_home_opened */
const homeOpenedSchema = z.object({ user: z.string(), tab: z.string().optional() })

/** Not stored: what it shows is shown again when it is opened again. */
export const openHome: EventListener = async (slack, { teamId, event }) => {
  const { user, tab } = homeOpenedSchema.parse(event)
  if (tab === 'home') showOpenedHome(slack, { teamId, userId: user })
}
