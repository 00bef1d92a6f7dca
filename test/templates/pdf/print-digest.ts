import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { renderExpenseDocument } from '../../../templates/pdf/expense-document.ts'
import { sampleView } from './sample-view.ts'

// Run as a process of its own by the test that compares two of them.
const hash = createHash('sha256')
await pipeline(renderExpenseDocument(await sampleView()), hash)
console.log(hash.digest('hex'))
