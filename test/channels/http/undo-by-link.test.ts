import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPages, type Pages } from './pages-support.ts'

let pages: Pages
beforeAll(async () => {
  pages = await openPages()
})
afterAll(() => pages.close())

const undo = (link: string) => pages.post(link, { decision: 'undo' })
const approve = (link: string) => pages.post(link, { decision: 'approve' })
const bodyOf = async (link: string) => (await pages.get(link)).body
/** Where an old page leads on to. */
const wayOn = async (link: string) => /class="button" href="([^"]+)"/.exec(await bodyOf(link))?.[1] ?? ''
const hour = 3_600_000

describe('taking back a decision by link', () => {
  test('the page offers it, then says so and leads on to where it is decided anew', async () => {
    const { id, own, theirs } = await pages.lunch()
    await approve(theirs)
    expect(await bodyOf(theirs)).toContain('value="undo"')
    const undone = await undo(theirs)
    expect(undone.statusCode).toBe(303)
    expect(undone.headers.location).toBe(theirs)
    expect(await pages.statusOf(id)).toBe('awaiting_approval')
    const page = await bodyOf(theirs)
    expect(page).toContain('<h1>You took back your approval</h1>')
    expect(page).not.toContain('<form')
    expect(await bodyOf(own)).toContain('<h1>Waiting for Frank Miller</h1>')
    expect(await bodyOf(own)).toContain('Approval by Frank Miller taken back')

    const fresh = await wayOn(theirs)
    expect(await bodyOf(fresh)).toContain('value="approve"')
    expect((await approve(fresh)).statusCode).toBe(303)
    expect(await pages.statusOf(id)).toBe('approved')
    expect(await bodyOf(theirs)).toContain('See what became of it')
  })

  test('pressed twice it is done once, and the old page decides nothing any more', async () => {
    const { id, theirs } = await pages.lunch()
    await pages.post(theirs, { decision: 'reject', comment: 'No' })
    for (const press of [undo(theirs), undo(theirs)]) expect((await press).statusCode).toBe(303)
    const late = await approve(theirs)
    expect(late.statusCode).toBe(409)
    expect(late.body).toContain('role="alert">You took back a decision')
    expect(await pages.statusOf(id)).toBe('awaiting_approval')
    expect(await bodyOf(theirs)).toContain('<h1>You took back your rejection</h1>')
  })

  test('a later decision falls with it: its page says whose doing that is, and leads on when it is their turn', async () => {
    const { id, franks, eves } = await pages.trip()
    await approve(franks)
    await approve(eves)
    expect(await pages.statusOf(id)).toBe('approved')
    await undo(franks)
    const page = await bodyOf(eves)
    expect(page).toContain('<h1>Your approval does not count any more</h1>')
    expect(page).toContain('Frank Miller took back an earlier decision')
    expect(await wayOn(eves)).toBe('')
    await approve(await wayOn(franks))
    expect(await bodyOf(eves)).toContain('You are asked again.')
    await approve(await wayOn(eves))
    expect(await pages.statusOf(id)).toBe('approved')
  })

  test('one who had only been asked reads that it does not wait for them', async () => {
    const { franks, eves } = await pages.trip()
    await approve(franks)
    await undo(franks)
    expect(await bodyOf(eves)).toContain('<h1>This is not waiting for you any more</h1>')
    expect((await approve(eves)).statusCode).toBe(409)
  })

  test('after the time for it there is no button, and a stale one is told until when it could be', async () => {
    const { id, theirs } = await pages.lunch()
    await approve(theirs)
    pages.database.clock.advance(24 * hour - 60_000)
    expect(await bodyOf(theirs)).toContain('value="undo"')
    pages.database.clock.advance(60_000)
    expect(await bodyOf(theirs)).not.toContain('<form')
    const late = await undo(theirs)
    expect(late.statusCode).toBe(409)
    expect(late.body).toMatch(/role="alert">This could be taken back until Nov \d+, 2026/)
    expect(await pages.statusOf(id)).toBe('approved')
  })

  test('undoes nothing that is not decided, and nothing of somebody else', async () => {
    const { id, franks, eves } = await pages.trip()
    expect((await undo(franks)).statusCode).toBe(409)
    await approve(franks)
    expect((await undo(eves)).statusCode).toBe(409)
    expect(await bodyOf(eves)).not.toContain('value="undo"')
    const view = await bodyOf(franks)
    expect(view).toContain('was approved by Frank Miller')
    expect(await pages.statusOf(id)).toBe('awaiting_approval')
  })

  test.each(['GET', 'HEAD'] as const)('%s takes nothing back', async (method) => {
    const { id, theirs } = await pages.lunch()
    await approve(theirs)
    const url = `${theirs}?decision=undo`
    expect((await pages.server.inject({ method, url })).statusCode).toBe(200)
    expect(await pages.statusOf(id)).toBe('approved')
  })
})
