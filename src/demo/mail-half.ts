import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { SandboxClient, SandboxMail } from '../sandbox/client.ts'
import { type DemoExpense, receiveDocument, submitter, tell, whatGraceKnows } from './story.ts'

const intake = 'expenses@techcorp.example'

/** The mail half: forwarded, read, completed by the link where unsure, approved by the signed links, mailed. */
export async function playMail(people: SandboxClient, file: string): Promise<DemoExpense> {
  const bytes = await readFile(file)
  const subject = 'Taxi from the airport'
  await people.writeMail({
    from: submitter,
    to: intake,
    subject,
    text: 'See attached.',
    files: [{ name: basename(file), bytes }],
  })
  tell(`Grace mails ${basename(file)} to ${intake}`)
  const answer = await people.waitFor(
    async () => (await people.mails({ to: submitter })).find((mail) => mail.subject === `Re: ${subject}`),
    { what: 'the answer to the mail', timeoutMs: 60_000 },
  )
  tell(`The answer says: ${headline(answer)}`)
  const number = /EXP-\d{4}-\d+/.exec(answer.text)?.[0] ?? ''
  const link = linkIn(answer, 'e')
  if (/name="action" value="submit"/.test(await (await fetch(link)).text())) await complete(link)
  const decidedBy = await approveEveryStep(people, number)
  const facts = await receiveDocument(people, number)
  return { number, source: 'email', status: 'approved', decidedBy, channel: 'email', ...facts }
}

/** Opens the page behind the link, fills in what is empty, and submits, as the form in a browser does. */
async function complete(link: string): Promise<void> {
  const page = await (await fetch(link)).text()
  const form = new URLSearchParams({ action: 'submit' })
  for (const field of ['merchant', 'amount', 'currency', 'date']) {
    const value = new RegExp(`name="${field}"[^>]*value="([^"]*)"`).exec(page)?.[1] ?? ''
    form.set(field, unescapeHtml(value) || (whatGraceKnows[field] ?? ''))
  }
  const options = [...page.matchAll(/<option value="([^"]+)"([^>]*)>([^<]*)/g)]
  const chosen =
    options.find(([, , marks]) => marks?.includes('selected')) ??
    options.find(([, , , name]) => name?.includes('Travel'))
  form.set('category', chosen?.[1] ?? '')
  const response = await fetch(link, { method: 'POST', body: form })
  if (!response.ok) throw new Error(`the form was not accepted: ${response.status}`)
  tell('Grace follows the link, completes the form and submits it')
}

/** Everybody who is asked follows the link in the mail and presses Approve on the page, until the document is mailed. */
async function approveEveryStep(people: SandboxClient, number: string): Promise<string[]> {
  const everybody = (await people.people()).filter(({ email }) => email.endsWith('@techcorp.example'))
  const decidedBy: string[] = []
  const nextRequest = async () => {
    for (const { email, name } of everybody) {
      const request = (await people.mails({ to: email })).find(
        ({ subject, text }) => subject.includes(number) && /\/a\/[\w.-]+/.test(text),
      )
      if (request && !decidedBy.includes(name)) return { request, name }
    }
    const mails = await people.mails({ to: submitter })
    return (
      mails.some(({ subject, attachments }) => subject.includes(number) && attachments.length > 0) && 'done'
    )
  }
  for (;;) {
    const next = await people.waitFor(nextRequest, {
      what: 'the next approver’s mail, or the document',
      timeoutMs: 60_000,
    })
    if (next === 'done') return decidedBy
    tell(`${next.name} gets the mail “${next.request.subject}”`)
    await approve(linkIn(next.request, 'a'), next.name)
    decidedBy.push(next.name)
  }
}

async function approve(link: string, name: string): Promise<void> {
  const page = await fetch(link)
  if (!(await page.text()).includes('value="approve"'))
    throw new Error(`the page does not offer to approve: ${page.status}`)
  const response = await fetch(link, { method: 'POST', body: new URLSearchParams({ decision: 'approve' }) })
  if (!response.ok || (await response.text()).includes('value="approve"'))
    throw new Error(`not approved: ${response.status}`)
  tell(`${name} opens the link, which decides nothing, and presses Approve on the page`)
}

function linkIn(mail: SandboxMail, path: 'a' | 'e'): string {
  const link = new RegExp(`https?://\\S+/${path}/[\\w.-]+`).exec(mail.text)?.[0]
  if (!link) throw new Error(`there is no link in “${mail.subject}”`)
  return link
}

/** The headline of one of our mails; the company's name stands above it. */
const headline = (mail: SandboxMail) => mail.text.trim().split('\n')[1] ?? ''

function unescapeHtml(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
}
