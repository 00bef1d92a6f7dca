import type { InstallURLOptions, StateStore } from '@slack/oauth'
import { z } from 'zod'
import type { Database } from '../../../database/index.ts'
import { permanentError, userError } from '../../../kernel/errors.ts'
import { type LinkKeys, readLink, signLink } from '../../../kernel/signed-link.ts'
import type { Installer } from './connect-workspace.ts'

const purpose = 'slack_oauth_state'
const lifetimeMs = 10 * 60_000
const claimsSchema = z.object({ company: z.uuid(), person: z.uuid() })

/**
 * The state of an installation that was begun (RFC 6749, 10.12): signed, good for ten minutes, and it says for which
 * company and by whom. `options`: what is asked of Slack.
 */
export function signedState(
  { database, keys }: { database: Database; keys: LinkKeys },
  options: () => InstallURLOptions,
): StateStore {
  return {
    generateStateParam: ({ metadata }, now) =>
      signLink(
        keys,
        purpose,
        { ...installerIn(metadata), id: database.newId() },
        new Date(now.getTime() + lifetimeMs),
      ),
    verifyStateParam: async (now, state) => {
      const read = await readLink(keys, purpose, state, now)
      const claims = read.state === 'valid' ? claimsSchema.safeParse(read.claims) : null
      if (!claims?.success) throw userError('state_invalid', 'It was begun too long ago, or elsewhere.')
      return { ...options(), metadata: asMetadata(claims.data) }
    },
  }
}

/** How who began it is handed through `InstallProvider`, which keeps a text beside the state. */
export const asMetadata = ({ company, person }: Installer): string => JSON.stringify({ company, person })

/** @throws permanentError `installer_missing` */
export function installerIn(metadata: string | undefined): Installer {
  const installer = metadata === undefined ? null : claimsSchema.safeParse(JSON.parse(metadata))
  if (installer?.success) return installer.data
  throw permanentError('installer_missing', 'An installation was begun by nobody.')
}
