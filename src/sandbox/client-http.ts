import { z } from 'zod'
import { userError } from '../kernel/errors.ts'
import type { FileToSend } from './client-shapes.ts'

/** The sandbox's HTTP interface, for `SandboxClient`: the page's own, and the program's side door. */
export class SandboxHttp {
  readonly url: string
  readonly adminKey: string
  readonly #team: string | undefined

  constructor(url: string, adminKey: string, team?: string) {
    this.url = url.replace(/\/$/, '')
    this.adminKey = adminKey
    this.#team = team
  }

  /** Uploads files as a person. Returns their ids. */
  async upload(as: string, files: FileToSend[]): Promise<string[]> {
    const ids: string[] = []
    for (const file of files) {
      const type = file.mediaType ?? ''
      const query = new URLSearchParams({ ...this.#where, as, name: file.name, type })
      const response = await fetch(`${this.url}/sandbox/api/files?${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: new Uint8Array(file.bytes),
      })
      ids.push((await read(response, z.object({ id: z.string() }))).id)
    }
    return ids
  }

  get #where(): Record<string, string> {
    return this.#team === undefined ? {} : { team: this.#team }
  }

  get<T>(path: string, query: Record<string, string>, schema: z.ZodType<T>): Promise<T> {
    return this.request(
      `${path}?${new URLSearchParams({ ...this.#where, ...query })}`,
      { method: 'GET' },
      schema,
    )
  }

  post<T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> {
    return this.request(path, { method: 'POST', body: { ...this.#where, ...body } }, schema)
  }

  async request<T>(path: string, init: { method: string; body?: unknown }, schema: z.ZodType<T>): Promise<T> {
    const response = await fetch(this.url + path, {
      method: init.method,
      headers: { 'content-type': 'application/json', 'x-sandbox-key': this.adminKey },
      body: init.body === undefined ? null : JSON.stringify(init.body),
    })
    return read(response, schema)
  }
}

async function read<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  const body: unknown = await response.json()
  if (response.ok) return schema.parse(body)
  const error = z.object({ error: z.string(), message: z.string() }).safeParse(body)
  throw userError(
    error.data?.error ?? 'sandbox_failed',
    error.data?.message ?? `The sandbox answered ${response.status}.`,
  )
}
