import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { type Request, readJson, sendJson } from './http.ts'
import type { Sandbox } from './sandbox.ts'
import { faultSchema, workspaceSchema } from './shapes.ts'
import { setWorkspace } from './workspace.ts'

const faultsBody = z.object({ faults: z.array(faultSchema).default([]), enforceRate: z.boolean().optional() })

/** The program's side door: header `x-sandbox-key`. */
export async function adminApi(sandbox: Sandbox, request: Request): Promise<void> {
  const { response } = request
  if (!hasKey(sandbox, request)) return refuse(request)
  switch (`${request.method} ${request.path}`) {
    case 'PUT /admin/workspace': {
      setWorkspace(sandbox, await readJson(request, workspaceSchema))
      const { appId, botId, botUserId } = sandbox.identity
      return sendJson(response, { teamId: sandbox.teamId, appId, botId, botUserId })
    }
    case 'GET /admin/state':
      return sendJson(response, {
        ok: true,
        configured: sandbox.settings !== undefined,
        pendingEvents: sandbox.store.eventCount(),
        people: sandbox.users.all().length,
        mails: sandbox.store.mailCount(),
        faults: sandbox.faults.list(),
      })
    case 'PUT /admin/faults': {
      const { faults, enforceRate } = await readJson(request, faultsBody)
      sandbox.faults.add(faults)
      if (enforceRate !== undefined) sandbox.faults.enforceRate = enforceRate
      return sendJson(response, { faults: sandbox.faults.list() })
    }
    case 'DELETE /admin/faults':
      sandbox.faults.clear()
      return sendJson(response, { faults: [] })
    default:
      return sendJson(response, { error: 'not_found', message: 'There is no such address.' }, { status: 404 })
  }
}

function hasKey(sandbox: Sandbox, request: Request): boolean {
  const given = Buffer.from(String(request.raw.headers['x-sandbox-key'] ?? ''))
  const wanted = Buffer.from(sandbox.identity.adminKey)
  return given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted)
}

function refuse(request: Request): void {
  sendJson(
    request.response,
    { error: 'wrong_key', message: 'The admin key is missing or wrong.' },
    { status: 401 },
  )
}
