import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { type Request, readJson, sendJson } from './http.ts'
import { restore, revoke } from './installing.ts'
import type { Sandbox } from './sandbox.ts'
import { setOther, setWorkspace } from './set-workspace.ts'
import { type Fault, faultSchema, otherWorkspaceSchema, workspaceSchema } from './settings.ts'
import type { Workspace } from './workspace.ts'

const faultsBody = z.object({ faults: z.array(faultSchema).default([]), enforceRate: z.boolean().optional() })

/** The program's side door: header `x-sandbox-key`. */
export async function adminApi(sandbox: Sandbox, request: Request): Promise<void> {
  const { response } = request
  if (!hasKey(sandbox, request)) return refuse(request)
  switch (`${request.method} ${request.path}`) {
    case 'PUT /admin/workspace':
      setWorkspace(sandbox, await readJson(request, workspaceSchema))
      return sendJson(response, idsOf(sandbox.first))
    case 'PUT /admin/others':
      return sendJson(response, idsOf(setOther(sandbox, await readJson(request, otherWorkspaceSchema))))
    case 'GET /admin/state':
      return sendJson(response, stateOf(sandbox))
    case 'PUT /admin/faults': {
      const { faults, enforceRate } = await readJson(request, faultsBody)
      for (const fault of faults) take(sandbox, fault)
      if (enforceRate !== undefined) sandbox.faults.enforceRate = enforceRate
      return sendJson(response, { faults: sandbox.faults.list() })
    }
    case 'DELETE /admin/faults':
      sandbox.faults.clear()
      for (const workspace of sandbox.workspaces) restore(workspace)
      return sendJson(response, { faults: [] })
    default:
      return sendJson(response, { error: 'not_found', message: 'There is no such address.' }, { status: 404 })
  }
}

function idsOf(workspace: Workspace): object {
  const { appId, botId, botUserId } = workspace.identity
  return { teamId: workspace.teamId, appId, botId, botUserId }
}

function stateOf(sandbox: Sandbox): object {
  return {
    ok: true,
    configured: sandbox.settings !== undefined,
    pendingEvents: sandbox.store.eventCount(),
    sockets: sandbox.sockets.connections,
    people: sandbox.first.users.all().length,
    mails: sandbox.store.mailCount(),
    faults: sandbox.faults.list(),
    workspaces: sandbox.workspaces.map((workspace) => ({
      teamId: workspace.teamId,
      name: workspace.settings?.team.name ?? '',
      installed: workspace.hasApp,
    })),
  }
}

/** What happens at once happens now; the others wait for the call that meets them. */
function take(sandbox: Sandbox, fault: Fault): void {
  if (fault.kind === 'token_revoked') {
    const workspace = fault.team === undefined ? sandbox.first : sandbox.byTeam(fault.team)
    workspace.endedByFault = true
    revoke(workspace, fault.error)
    return
  }
  if (fault.kind === 'socket_drop' && fault.when === 'now') sandbox.sockets.cut()
  else if (fault.kind === 'socket_disconnect') sandbox.sockets.renew(fault.reason)
  else sandbox.faults.add([fault])
}

function hasKey(sandbox: Sandbox, request: Request): boolean {
  const given = Buffer.from(String(request.raw.headers['x-sandbox-key'] ?? ''))
  const wanted = Buffer.from(sandbox.adminKey)
  return given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted)
}

function refuse(request: Request): void {
  sendJson(
    request.response,
    { error: 'wrong_key', message: 'The admin key is missing or wrong.' },
    { status: 401 },
  )
}
