import type { User } from './shapes.ts'
import type { Workspace } from './workspace.ts'

/** The short name of a person: what stands before the `@` of their address. */
export function handle(user: User): string {
  return user.email.split('@')[0] || user.name.toLowerCase()
}

/** The workspace's name in URLs. */
export function domain(workspace: Workspace): string {
  const { team } = workspace.settings ?? {}
  return team?.domain ?? (team?.name ?? 'sandbox').toLowerCase().replace(/[^a-z0-9]+/g, '-')
}

/** The team of a person: their own company's, when they are only guests from elsewhere. */
export function teamOf(workspace: Workspace, user: User): string {
  return user.isStranger ? 'T0ELSEWHERE' : workspace.teamId
}
