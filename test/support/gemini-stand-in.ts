import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

/** What a test looks at of a request to `generateContent`. */
const requestSchema = z.object({
  contents: z.array(
    z.object({
      parts: z.array(
        z.object({
          text: z.string().optional(),
          inlineData: z.object({ mimeType: z.string(), data: z.string() }).optional(),
        }),
      ),
    }),
  ),
  systemInstruction: z.object({ parts: z.array(z.object({ text: z.string() })) }),
  generationConfig: z.looseObject({ responseSchema: z.looseObject({ type: z.string() }) }),
})

export interface GeminiStandIn {
  url: string
  requests: z.infer<typeof requestSchema>[]
  /** How the next requests are answered; at first with an empty reading. */
  reply: Reply
  close(): Promise<void>
}

type Reply =
  /** What the model writes. */
  | { kind: 'says'; text: string; modelVersion?: string }
  | { kind: 'response'; status: number; body: string }
  /** Takes the request and never answers. */
  | { kind: 'silence' }

/**
 * A service on 127.0.0.1 that speaks the REST form of Gemini's `generateContent`. It knows one key and one model, and
 * refuses others as Google does.
 */
export async function startGeminiStandIn(known: { apiKey: string; model: string }): Promise<GeminiStandIn> {
  const standIn: GeminiStandIn = { url: '', requests: [], reply: { kind: 'says', text: '{}' }, close }
  const server = createServer((request, response) => {
    answer(standIn, known, request, response).catch(() => response.destroy())
  })
  async function close(): Promise<void> {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = z.object({ port: z.number() }).parse(server.address())
  standIn.url = `http://127.0.0.1:${address.port}`
  return standIn
}

async function answer(
  standIn: GeminiStandIn,
  known: { apiKey: string; model: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await text(request)
  const send = (status: number, json: string) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(json)
  if (request.headers['x-goog-api-key'] !== known.apiKey) {
    send(400, googleError(400, 'API key not valid.', 'API_KEY_INVALID'))
    return
  }
  if (request.method !== 'POST' || request.url !== `/v1beta/models/${known.model}:generateContent`) {
    send(404, googleError(404, 'The model is not found.'))
    return
  }
  standIn.requests.push(requestSchema.parse(JSON.parse(body)))
  const { reply } = standIn
  if (reply.kind === 'says') send(200, candidate(reply.text, reply.modelVersion ?? known.model))
  if (reply.kind === 'response') send(reply.status, reply.body)
}

/** A body of Google's in which the model wrote `written`. */
export function candidate(written: string, modelVersion: string, finishReason = 'STOP'): string {
  return JSON.stringify({
    candidates: [{ index: 0, finishReason, content: { role: 'model', parts: [{ text: written }] } }],
    usageMetadata: { promptTokenCount: 900, candidatesTokenCount: 300, totalTokenCount: 1200 },
    modelVersion,
  })
}

/** The body of Google's errors. */
export function googleError(code: number, message: string, reason?: string): string {
  const details = reason ? [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason }] : undefined
  return JSON.stringify({ error: { code, message, status: 'ERROR', details } })
}
