import { existsSync } from 'node:fs'
import type { KnownBlock } from '@slack/types'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { boltApp, frank, grace, type RunningApp, SandboxProcess, setWorkspace, tinyPng } from './support.ts'

const chromiumPath = '/usr/bin/chromium'
const missing = existsSync(chromiumPath) ? '' : ` (skipped: ${chromiumPath} is not installed)`

describe.skipIf(missing !== '')(`working in the page${missing}`, () => {
  const sandbox = new SandboxProcess()
  const told: string[] = []
  let running: RunningApp
  let browser: Browser
  let page: Page
  const plain = (text: string) => ({ type: 'plain_text' as const, text })
  const letters = ['on_character_entered' as const]
  const option = (name: string) => ({ text: plain(name), value: name })
  const form: KnownBlock[] = [
    {
      type: 'input',
      block_id: 'category',
      label: plain('Category'),
      element: {
        type: 'external_select',
        action_id: 'chosen',
        min_query_length: 0,
        initial_option: option('Contract'),
      },
    },
    {
      type: 'input',
      block_id: 'search',
      dispatch_action: true,
      label: plain('Search'),
      element: {
        type: 'plain_text_input',
        action_id: 'typed',
        dispatch_action_config: { trigger_actions_on: letters },
      },
    },
    {
      type: 'input',
      block_id: 'receipt',
      label: plain('Receipt'),
      element: { type: 'file_input', action_id: 'file', filetypes: ['png'], max_files: 1 },
    },
    {
      type: 'actions',
      block_id: 'row',
      elements: [
        {
          type: 'button',
          action_id: 'more',
          text: plain('More'),
          confirm: { title: plain('Sure?'), text: plain('There is more.'), confirm: plain('Show it') },
        },
      ],
    },
  ]

  const shell = {
    type: 'modal' as const,
    callback_id: 'form',
    title: plain('Form'),
    submit: plain('Save'),
  }
  let answering: Promise<void> | undefined

  beforeAll(async () => {
    await sandbox.start()
    await setWorkspace(sandbox, 1)
    running = await boltApp(sandbox, (app) => {
      app.shortcut('make_expense', async ({ ack, shortcut, client }) => {
        await ack()
        told.push(`shortcut ${shortcut.type}`)
        await client.views.open({ trigger_id: shortcut.trigger_id, view: { ...shell, blocks: form } })
      })
      app.options('chosen', async ({ ack, payload }) => {
        if (payload.value === 'tra') await answering
        const all = ['Contract', 'Travel', 'Training']
        const starts = all.filter((name) => name.toLowerCase().startsWith(payload.value))
        await ack({ options: [...new Set([...starts, ...all])].map(option) })
      })
      app.action('typed', async ({ ack, payload, body, client }) => {
        await ack()
        const { view } = z.object({ view: z.object({ id: z.string() }) }).parse(body)
        const value = 'value' in payload ? payload.value : ''
        told.push(`typed ${value}`)
        const said: KnownBlock = { type: 'section', block_id: 'said', text: plain(`Told ${value}`) }
        await client.views.update({ view_id: view.id, view: { ...shell, blocks: [said, ...form] } })
      })
      app.action('more', async ({ ack, body, client }) => {
        await ack()
        const trigger_id = 'trigger_id' in body ? (body.trigger_id ?? '') : ''
        await client.views.push({ trigger_id, view: { type: 'modal', title: plain('Above'), blocks: [] } })
      })
      app.view('form', async ({ ack, view }) => {
        await ack()
        told.push(`files ${view.state.values.receipt?.file?.files?.map(({ name }) => name)}`)
      })
      app.event('user_change', async ({ event }) => {
        told.push(`locale ${event.user.locale}`)
      })
    })
    await setWorkspace(sandbox, running.port, { clientId: '1.2', clientSecret: 's' })
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
  }, 30_000)

  afterEach(async () => {
    if (await sandbox.client.openView(grace)) await sandbox.client.closeView(grace)
    await page?.close()
  })
  afterAll(async () => {
    await browser?.close()
    await running?.stop()
    await sandbox.end()
  })

  async function open(path: string, viewport = { width: 1280, height: 800 }): Promise<Page> {
    page = await browser.newPage({ viewport })
    page.setDefaultTimeout(10_000)
    await page.goto(sandbox.endpoint.url + path)
    return page
  }

  const say = (text: string, as = grace) => sandbox.client.postMessage({ as, channel: '#general', text })
  const heard = (words: string) => sandbox.client.waitFor(() => told.includes(words), { what: words })
  const message = (words: string) => page.locator('.main .message', { hasText: words })

  /** Opens the menu “⋯” of a message and chooses a line. */
  async function choose(words: string, line: string) {
    await message(words).hover()
    await message(words).getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: line }).click()
  }

  test('a message is edited, reacted to and deleted by its own writer', async () => {
    await say('first wrods & <tags>')
    await open(`/sandbox?as=${grace}`)
    await page.getByRole('link', { name: 'general' }).click()
    await choose('first wrods', 'Edit message')
    const box = page.getByLabel('Edit message')
    expect(await box.inputValue()).toBe('first wrods & <tags>')
    await box.fill('first words')
    await page.keyboard.press('Enter')
    await message('first words').getByText('(edited)').waitFor()
    await message('first words').hover()
    await message('first words').getByRole('button', { name: 'Add a reaction' }).click()
    await page.getByLabel('Find an emoji').fill('tada')
    await page.keyboard.press('Enter')
    await message('first words').locator('.reaction.mine').waitFor()
    await choose('first words', 'Delete message…')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await message('first words').waitFor({ state: 'detached' })
  }, 30_000)

  test('a message shortcut opens a form with files, letters that are told, a question and a view above', async () => {
    await say('taxi 12')
    await open(`/sandbox?as=${grace}`)
    await page.getByRole('link', { name: 'general' }).click()
    await choose('taxi 12', 'Make this an expense')
    const dialog = page.locator('dialog.modal')
    await dialog.locator('[data-block=search] input').pressSequentially('ab')
    await heard('typed ab')
    await dialog.getByText('Told ab').waitFor()
    const picture = { mimeType: 'image/png', buffer: tinyPng }
    const chooser = dialog.locator('input[type=file]')
    await chooser.setInputFiles({ name: 'r.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF') })
    await dialog.getByText('r.pdf: not one of png').waitFor()
    await chooser.setInputFiles({ name: 'r.png', ...picture })
    await dialog.getByRole('button', { name: 'Remove r.png' }).waitFor()
    await dialog.getByRole('button', { name: 'More' }).click()
    await page.locator('dialog.confirm').getByText('There is more.').waitFor()
    await page.getByRole('button', { name: 'Show it' }).click()
    await dialog.getByRole('heading', { name: 'Above' }).waitFor()
    await dialog.getByRole('button', { name: 'Back' }).first().click()
    await dialog.getByRole('button', { name: 'Remove r.png' }).waitFor()
    expect(await dialog.locator('[data-block=search] input').inputValue()).toBe('ab')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await heard('files r.png')
    expect(told).toContain('shortcut message_action')
  }, 30_000)

  test('who searches a menu gets the first match by Enter, also before it is shown', async () => {
    await say('taxi 14')
    await open(`/sandbox?as=${grace}`)
    await page.getByRole('link', { name: 'general' }).click()
    await choose('taxi 14', 'Make this an expense')
    const menu = page.locator('dialog.modal [data-block=category] .combo')
    await menu.click()
    await page.locator('.combo-option.active', { hasText: 'Contract' }).waitFor()
    await page.getByLabel('Search', { exact: true }).last().fill('trai')
    await page.locator('.combo-option.active', { hasText: 'Training' }).waitFor()
    await page.keyboard.press('Enter')
    await menu.getByText('Training').waitFor()

    const answer = Promise.withResolvers<void>()
    answering = answer.promise
    await menu.click()
    await page.keyboard.type('tra')
    await page.keyboard.press('Enter')
    answer.resolve()
    await menu.getByText('Travel').waitFor()
  }, 30_000)

  test('what the app shows while one goes on typing or has a menu open takes nothing away', async () => {
    await say('taxi 15')
    await open(`/sandbox?as=${grace}`)
    await page.getByRole('link', { name: 'general' }).click()
    await choose('taxi 15', 'Make this an expense')
    const dialog = page.locator('dialog.modal')
    const typed = dialog.locator('[data-block=search] input')
    await typed.pressSequentially('1')
    await dialog.getByText('Told 1').waitFor()
    await page.keyboard.type('20')
    expect(await typed.inputValue()).toBe('120')
    await dialog.locator('[data-block=category] .combo').click()
    await heard('typed 120')
    await page.locator('.combo-option', { hasText: 'Travel' }).click()
    await dialog.getByText('Told 120').waitFor()
    expect(await typed.inputValue()).toBe('120')
    expect(await dialog.locator('[data-block=category] .combo').innerText()).toBe('Travel')
  }, 30_000)

  test('people, the app and channels are offered while one types, and taken by Enter', async () => {
    await open(`/sandbox?as=${grace}`)
    await page.getByRole('link', { name: 'general' }).click()
    const box = page.getByLabel('Message #general')
    await box.pressSequentially('ask @Fra')
    await page.getByRole('option', { name: 'Frank Miller' }).waitFor()
    await page.keyboard.press('Enter')
    expect(await box.inputValue()).toBe('ask @Frank Miller ')
    await page.keyboard.press('Enter')
    await message('ask').locator('.mention', { hasText: '@Frank Miller' }).waitFor()
  }, 30_000)

  test('somebody else is shown without a new page, in their language, and the choice of it is told', async () => {
    await say('who is who')
    await open(`/sandbox?as=${grace}`)
    await page.locator('.line.current').waitFor()
    const loads: string[] = []
    page.on('framenavigated', (frame) => loads.push(frame.url()))
    await page.keyboard.press('Control+j')
    await page.getByLabel('Find a person').fill('frank')
    await page.keyboard.press('Enter')
    await page.locator('.switcher', { hasText: 'Frank Miller' }).waitFor()
    expect(page.url()).toContain(encodeURIComponent(frank))
    await page.getByRole('button', { name: 'Preferences of Frank Miller' }).click()
    await page.getByLabel('Language').selectOption('de-DE')
    await heard('locale de-DE')
    await page.getByLabel('Appearance').selectOption('dark')
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(await background()).toBe('rgb(26, 29, 33)')
    expect(loads.filter((url) => !url.includes('/sandbox?'))).toEqual([])
  }, 30_000)

  test('what came meanwhile is marked: bold in the list, a line above the first of it', async () => {
    await sandbox.client.messages({ as: frank, channel: '#expenses' })
    await sandbox.client.postMessage({ as: grace, channel: '#expenses', text: 'news for Frank' })
    await open(`/sandbox?as=${frank}`)
    const line = page.getByRole('link', { name: 'expenses' })
    await page.locator('.line.unread', { hasText: 'expenses' }).waitFor()
    await line.click()
    await page.locator('.new-line').waitFor()
    await page.locator('.line.unread', { hasText: 'expenses' }).waitFor({ state: 'detached' })
  }, 30_000)

  test('a thread opens beside the messages and Escape closes it', async () => {
    await say('a root')
    await open(`/sandbox?as=${grace}`)
    await page.getByRole('link', { name: 'general' }).click()
    await choose('a root', 'Reply in thread')
    await page.getByLabel('Reply…').fill('a reply')
    await page.keyboard.press('Enter')
    await page.locator('#thread .message', { hasText: 'a reply' }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('#thread').waitFor({ state: 'hidden' })
    await message('a root').getByRole('button', { name: '1 reply' }).waitFor()
  }, 30_000)

  test('the log shows what was asked and answered, without tokens', async () => {
    await running.app.client.chat.postMessage({ channel: '#general', text: 'for the log' })
    await open('/sandbox/log')
    await page.getByLabel('Find calls').fill('chat.post')
    await page.getByRole('button', { name: 'chat.postMessage' }).first().click()
    const said = page.locator('#detail')
    await said.getByText('"text": "for the log"').first().waitFor()
    expect(await said.textContent()).not.toContain('xoxb-')
  }, 30_000)

  test('the page that asks leads back with a code for the chosen workspace', async () => {
    await sandbox.client.addWorkspace({
      team: { name: 'Globex' },
      people: [{ email: 'hank@globex.example', name: 'Hank Scorpio' }],
    })
    const back = `${sandbox.endpoint.url}/sandbox/log`
    const query = new URLSearchParams({
      client_id: '1.2',
      scope: 'chat:write,files:read',
      redirect_uri: back,
      state: 'x',
    })
    await open(`/sandbox/oauth/v2/authorize?${query}`)
    await page.getByLabel('Workspace').selectOption({ label: 'Globex' })
    await page.getByText('Send messages').waitFor()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.waitForURL(/code=.*&state=x/)
    await page.goto(`${sandbox.endpoint.url}/sandbox?as=${grace}`)
    await page.getByRole('link', { name: 'Workspace Globex' }).click()
    await page.locator('.switcher', { hasText: 'Hank Scorpio' }).waitFor()
  }, 30_000)

  test('on a phone nothing runs over the edge, and the sidebar is one tap away', async () => {
    await say('x'.repeat(300))
    await open(`/sandbox?as=${grace}`, { width: 390, height: 844 })
    await page.getByRole('button', { name: 'Open the sidebar' }).click()
    await page.getByRole('link', { name: 'general' }).click()
    await message('xxx').waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    await page.getByRole('button', { name: 'Open the sidebar' }).click()
    await page.getByRole('button', { name: 'You are' }).click()
    await page.getByLabel('Find a person').fill('frank')
    await page.getByRole('option', { name: 'Frank Miller' }).click()
    await page.getByLabel('Message Outlay').waitFor()
  }, 30_000)
})
