import { createServer, type RequestListener } from 'node:http'
import formBody from '@fastify/formbody'
import fastify, { type FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { messagePage } from '../../../templates/pages/message-page.ts'
import { pagesCss } from '../../../templates/pages/pages-css.ts'
import { acrossCompanies, type Database } from '../../database/index.ts'
import { logger } from '../../kernel/logger.ts'
import { addApprovalRoutes } from './pages/approval-routes.ts'
import { addDelegateRoutes } from './pages/delegate-routes.ts'
import { addExpenseRoutes } from './pages/expense-routes.ts'
import { type PageSite, sendMissing, sendPage } from './pages/page-site.ts'

export interface HttpServerOptions {
  database: Database
  /** Serves the pages behind signed links; null where this process does not do the web role. */
  pages: PageSite | null
  /** Whether everything is up: the answer of /readyz. */
  isReady: () => boolean
  /** Serves `/slack/…`; Bolt reads the raw request, so it comes before everything else. */
  slack: RequestListener | null
  /** In Socket Mode: whether Slack can deliver at this moment. */
  slackSocket?: { isOpen(): boolean } | null
  /** Serves `/sandbox…`; null when a real Slack is configured. */
  sandbox: RequestListener | null
}

/** The web server: health, metrics, Slack's requests and, where nothing is configured, the way to the sandbox. */
export function createHttpServer({
  database,
  pages,
  isReady,
  slack,
  slackSocket = null,
  sandbox,
}: HttpServerOptions): FastifyInstance {
  const server = fastify({
    // Requests are logged where they mean something; a token in an address must never reach a log.
    logger: false,
    // Signed links are a few hundred characters long.
    routerOptions: { maxParamLength: 1000 },
    forceCloseConnections: 'idle',
    serverFactory: (handler) =>
      createServer((request, response) => {
        const path = request.url ?? '/'
        if (slack && path.startsWith('/slack/')) slack(request, response)
        else if (sandbox && /^\/sandbox([/?]|$)/.test(path)) sandbox(request, response)
        else handler(request, response)
      }),
  })
  server.setErrorHandler(async (error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
    if (status >= 500) logger.error({ error }, 'a request failed')
    const text =
      status >= 500
        ? 'Something went wrong on our side. Nothing was changed; please try again in a moment.'
        : 'Your request could not be understood.'
    return sendPage(reply, status, messagePage({ title: 'That did not work', text }))
  })
  server.setNotFoundHandler(async (_request, reply) => sendMissing(reply))
  server.get('/pages.css', async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=3600').type('text/css').send(pagesCss),
  )
  if (pages) {
    server.register(formBody, { bodyLimit: 64 * 1024 })
    addApprovalRoutes(server, pages)
    addDelegateRoutes(server, pages)
    addExpenseRoutes(server, pages)
  }
  const metrics = collectMetrics(database, slackSocket)
  server.get('/healthz', async () => ({ status: 'ok' }))
  server.get('/readyz', async (_request, reply) => {
    if (isReady()) return { status: 'ready' }
    return reply.code(503).send({ status: 'starting' })
  })
  server.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  )
  server.get('/', async (_request, reply) => {
    if (sandbox) return reply.redirect('/sandbox')
    return reply.type('text/plain').send('Outlay is running. Talk to it in Slack.\n')
  })
  return server
}

function collectMetrics(database: Database, slackSocket: { isOpen(): boolean } | null): Registry {
  const registry = new Registry()
  if (slackSocket) {
    registry.registerMetric(
      new Gauge({
        name: 'outlay_slack_socket_open',
        help: '1 while Slack can deliver by Socket Mode. It is renewed every few hours; at 0 for minutes, nothing arrives.',
        registers: [],
        collect() {
          this.set(slackSocket.isOpen() ? 1 : 0)
        },
      }),
    )
  }
  collectDefaultMetrics({ register: registry })
  registry.registerMetric(
    new Gauge({
      name: 'outlay_outbox_rows',
      help: 'Outgoing work by status; scheduled waits for its time, dead work wants somebody to look at it.',
      labelNames: ['status'],
      registers: [],
      async collect() {
        this.reset()
        const rows = await acrossCompanies(database, (tx) =>
          tx.em.execute<{ status: string; rows: string }[]>(
            // What was tried and has to wait is no schedule: it is held up.
            `select case when status = 'pending' and attempt = 0 and not_before > ? then 'scheduled' else status end as status,
               count(*) as rows
             from outbox where status <> 'done' group by 1`,
            [tx.now],
          ),
        )
        for (const status of ['pending', 'scheduled', 'enqueued', 'dead']) this.set({ status }, 0)
        for (const row of rows) this.set({ status: row.status }, Number(row.rows))
      },
    }),
  )
  return registry
}
