import { isDeepStrictEqual } from 'node:util'
import { Document, isMap, isScalar, isSeq, type Node, visit } from 'yaml'
import type { z } from 'zod'
import type { Tx } from '../../database/index.ts'
import { exportPeople } from '../people/index.ts'
import { currentPolicies } from '../policy/index.ts'
import type { PolicySection } from './organisation-change.ts'
import { entrySchemas, type Organisation } from './organisation-schema.ts'

/** The company of this transaction as its file would state it. */
export async function organisationInForce(tx: Tx): Promise<Organisation> {
  const people = await exportPeople(tx)
  return { ...people, document: (await currentPolicies(tx))?.document }
}

/** The same as YAML that changes nothing when it is imported. IBANs are left out. */
export async function exportOrganisation(tx: Tx): Promise<string> {
  const { document: policies, ...people } = await organisationInForce(tx)
  const { company } = people
  const sections: Record<string, unknown> = { ...people, ...policies }
  const file: Record<string, unknown> = { company }
  for (const [section, schema] of Object.entries(entrySchemas)) {
    const entries = sections[section]
    if (Array.isArray(entries) && entries.length > 0)
      file[section] = entries.map((entry) => shortened(entry, schema))
  }
  // Policies that were all taken away are not the same as none that were ever there.
  if (policies && !file.policies) file.policies = []
  const document = new Document(file)
  putShortOnOneLine(document)
  setApart(document)
  document.commentBefore =
    ` The organisation of ${company.name} as it is in force. Importing this file again changes nothing.\n` +
    ' IBANs are left out: an import keeps those that the file does not name.'
  return document.toString({ lineWidth: 110 })
}

/** One policy, rule, limit, rate or example as it would stand in the file. */
export function entryAsYaml(section: PolicySection, entry: unknown): string {
  const document = new Document(shortened(entry, entrySchemas[section]))
  putShortOnOneLine(document)
  return document.toString({ lineWidth: 80 })
}

/** The entry without what the schema fills in by itself, and with a value for a list of one where that reads the same. */
function shortened(entry: unknown, schema: z.ZodType<object>): unknown {
  // What is read has the order of the schema; what the database gives back has none.
  const meant = schema.safeParse(entry).data
  if (!meant) return entry
  const short = structuredClone(meant)
  const means = () => isDeepStrictEqual(schema.safeParse(short).data, meant)
  const shorten = (part: object): void => {
    for (const [key, value] of Object.entries(part)) {
      if (!Array.isArray(part)) {
        Reflect.deleteProperty(part, key)
        if (means()) continue
        if (Array.isArray(value) && value.length === 1) {
          Reflect.set(part, key, value[0])
          if (means()) continue
        }
        // What stays is put back behind what stayed before: the order is the same.
        Reflect.set(part, key, value)
      }
      if (typeof value === 'object' && value !== null) shorten(value)
    }
  }
  shorten(short)
  return short
}

/** What is short stands on one line. */
function putShortOnOneLine(document: Document): void {
  visit(document, {
    Scalar(_, node) {
      // 17:00 is a number for programs that read YAML as it was before 2009.
      if (typeof node.value === 'string' && /^\d\d:\d\d$/.test(node.value)) node.type = 'QUOTE_DOUBLE'
    },
    Seq(_, node) {
      node.flow = node.items.length <= 8 && node.items.every(isScalar)
    },
    Map(_, node, ancestors) {
      const isInList = ancestors.length > 3
      node.flow = isInList && node.items.every(({ value }) => isScalar(value)) && lengthOf(node) <= 80
    },
  })
}

/** Blank lines between sections and between policies. */
function setApart(document: Document): void {
  if (!isMap(document.contents)) return
  for (const [index, { key, value }] of document.contents.items.entries()) {
    if (!isScalar(key)) continue
    key.spaceBefore = index > 0
    const entries = isSeq(value) ? value.items.filter((entry) => isMap(entry)) : []
    // All entries of a section look alike.
    const areShort = entries.every(({ flow }) => flow)
    const areApart = ['policies', 'rules', 'limits', 'tests'].includes(String(key.value))
    for (const [place, entry] of entries.entries()) {
      entry.flow = areShort
      entry.spaceBefore = areApart && place > 0
    }
  }
}

const lengthOf = (node: Node) => JSON.stringify(node.toJSON()).length
