import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import sharp from 'sharp'
import { findEmbeddedPostgres } from '../database/embedded-postgres.ts'
import { startProgram } from '../demo/running-program.ts'
import type { FileToSend } from '../sandbox/client.ts'
import { Durations, table } from './durations.ts'
import { addPeople, openWorkspace } from './many-people.ts'
import { work } from './slack-work.ts'
import { Tap } from './tap.ts'

/** Slack shows an error to a person who waits longer than this for an answer. */
const limitMs = 3000
const barMs = 200

/**
 * How fast Slack is answered while so many people post receipts, press buttons, search and submit forms, and their
 * receipts are read on the same machine. Slack's side (the sandbox) and the people run on it as well. The reference is
 * what an empty HTTP server in this process takes at the same time: the machine's own delay.
 */
export async function measureAcks(options: {
  people: number
  seconds: number
  json: boolean
}): Promise<void> {
  const program = await startProgram()
  const tap = new Tap(`${program.url}/slack/events`)
  const reference = new Durations()
  try {
    const people = await addPeople(program, options.people)
    await openWorkspace(program, people, await tap.open())
    const receipts = await someReceipts()
    const end = new AbortController()
    const day = { slack: program.people, receipts, signal: end.signal }
    const working = people.map((person) => work(person, day))
    // Everybody has begun, and receipts are being read.
    await sleep(5000)
    tap.isMeasuring = true
    const before = await receiptsRead(program.home)
    const watching = watchReference(reference, end.signal)
    await sleep(options.seconds * 1000)
    tap.isMeasuring = false
    const read = (await receiptsRead(program.home)) - before
    end.abort()
    const problems = (await Promise.all(working)).reduce((sum, one) => sum + one, 0)
    await watching
    report(tap, reference, { ...options, read, problems })
  } finally {
    tap.close()
    await program.stop()
  }
}

function report(
  tap: Tap,
  reference: Durations,
  run: { people: number; seconds: number; json: boolean; read: number; problems: number },
): void {
  const all = new Durations()
  for (const durations of tap.byKind.values()) all.addAll(durations)
  const kinds = [...tap.byKind].map(([kind, durations]) => [kind, durations.summary()] as const)
  const summary = all.summary()
  const rows = { ...Object.fromEntries(kinds), all: summary, reference: reference.summary() }
  if (run.json) {
    const { people, seconds, read, problems } = run
    const figures = { people, seconds, receiptsRead: read, problems, failures: tap.failures }
    process.stdout.write(`${JSON.stringify({ ...figures, milliseconds: rows })}\n`)
    return
  }
  const isGood = summary.p99 <= barMs && summary.max <= limitMs && tap.failures === 0
  process.stdout.write(
    [
      `${run.people} people for ${run.seconds} s, ${run.read} receipts read meanwhile. Milliseconds until Slack was answered:`,
      table(rows),
      `${tap.failures} requests failed. The bar is a p99 of ${barMs} ms, and never over ${limitMs} ms: ${isGood ? 'held' : 'missed'}.`,
      '',
    ].join('\n'),
  )
}

/** One receipt as a hundred pictures that differ in their bytes, so that each is read. */
async function someReceipts(): Promise<FileToSend[]> {
  const picture = await readFile(join(import.meta.dirname, '../../config/receipt.example.jpg'))
  return Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const quality = 40 + (index % 50)
      const turned = sharp(picture)
        .rotate()
        .modulate({ brightness: 1 + Math.floor(index / 50) / 50 })
      return { name: `receipt-${index + 1}.jpg`, bytes: await turned.jpeg({ quality }).toBuffer() }
    }),
  )
}

async function receiptsRead(home: string): Promise<number> {
  const server = await findEmbeddedPostgres(home)
  if (!server) throw new Error('there is no database')
  const client = new pg.Client({ connectionString: server.adminUrl.replace(/\/postgres$/, '/outlay') })
  await client.connect()
  try {
    const { rows } = await client.query<{ read: number }>(
      `select count(*)::int as read from receipt where status <> 'waiting'`,
    )
    return rows[0]?.read ?? 0
  } finally {
    await client.end()
  }
}

/** Asks an empty server twenty times a second until the signal. */
async function watchReference(durations: Durations, signal: AbortSignal): Promise<void> {
  const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP address')
  while (!signal.aborted) {
    const start = performance.now()
    await new Promise<void>((resolve, reject) => {
      request({ port: address.port, host: '127.0.0.1' }, (answer) => {
        answer.resume().once('end', resolve)
      })
        .once('error', reject)
        .end()
    })
    durations.add(performance.now() - start)
    await sleep(50)
  }
  server.closeAllConnections()
  server.close()
}
