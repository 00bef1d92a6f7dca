import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { HTTPModuleFunctions } from '@slack/bolt'
import { AppError } from '../../../kernel/errors.ts'
import { logger } from '../../../kernel/logger.ts'
import { type AnsweringApp, isRefused, logFailure } from './answering-app.ts'

/** Where Slack delivers events, interactions and commands. */
export const eventsPath = '/slack/events'

/** In bytes. A form of Slack has 250 kB at most. */
const bodyLimit = 1024 * 1024

/**
 * Takes what Slack delivers by signed HTTP (https://docs.slack.dev/authentication/verifying-requests-from-slack). Every
 * request is answered: 401 without a good signature, 400 for what is no delivery of Slack, 500 when it was not worked on,
 * so that Slack delivers it again.
 */
export function listenByHttp(app: AnsweringApp, signingSecret: string): RequestListener {
  return (request, response) => {
    receive(app, signingSecret, request, response).catch((error: unknown) => {
      logFailure(error)
      refuse(response, isRefused(error) ? 400 : 500, error)
    })
  }
}

async function receive(
  app: AnsweringApp,
  signingSecret: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') return refuse(response, 404)
  const verified = await HTTPModuleFunctions.parseAndVerifyHTTPRequest(
    { signingSecret, bodyLimit },
    request,
  ).catch((error: unknown) => {
    logger.warn({ problem: error instanceof Error ? error.message : '' }, 'an unsigned request was refused')
    refuse(response, HTTPModuleFunctions.isRawBodyError(error) ? error.statusCode : 401)
    return null
  })
  if (!verified) return
  const body = parsed(() => HTTPModuleFunctions.parseHTTPRequestBody(verified))
  if (body === null) return refuse(response, 400)
  if (body.ssl_check === '1') return HTTPModuleFunctions.buildSSLCheckResponse(response)
  if (body.type === 'url_verification') {
    return HTTPModuleFunctions.buildUrlVerificationResponse(response, body)
  }
  const retryNum = HTTPModuleFunctions.extractRetryNumFromHTTPRequest(request)
  const retryReason = HTTPModuleFunctions.extractRetryReasonFromHTTPRequest(request)
  const ack = async (answer: unknown) => HTTPModuleFunctions.buildContentResponse(response, answer)
  await app.processEvent({
    body,
    ack,
    ...(retryNum === undefined ? {} : { retryNum }),
    ...(retryReason === undefined ? {} : { retryReason }),
  })
}

/** What the body says; null when it says nothing that has fields. */
function parsed(parse: () => unknown): Record<string, unknown> | null {
  try {
    const body = parse()
    return isRecord(body) ? body : null
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuse(response: ServerResponse, status: number, error?: unknown): void {
  if (response.headersSent) return void response.end()
  const text = status === 400 && error instanceof AppError ? error.message : ''
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
}
