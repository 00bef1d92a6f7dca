import { z } from 'zod'
import type { Request } from './http.ts'
import type { Sandbox } from './sandbox.ts'

/** One thing that the page or `SandboxClient` can ask for; undefined when it answered by itself. */
export type Handler = (sandbox: Sandbox, request: Request) => Promise<object | undefined> | object | undefined

/** Who acts: e-mail or id, and the workspace where that is not clear. */
export const who = z.object({ as: z.string().min(1), team: z.string().optional() })

/** Who acts in which conversation: `dm`, `#name`, `@e-mail` or an id. */
export const where = who.extend({ channel: z.string() })

/** What was entered in an input. */
export const raw = z.union([z.string(), z.array(z.string()), z.null()])

export const uploadQuery = who.extend({ name: z.string().min(1).max(255) }).loose()
