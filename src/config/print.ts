import { Document, isScalar, isSeq, visit } from 'yaml'
import type { EffectiveConfig } from './effective.ts'

/** The effective configuration as YAML that could be the file itself, but for the masked secrets. */
export function printConfig(effective: EffectiveConfig): string {
  const document = new Document(effective, { aliasDuplicateObjects: false })
  visit(document, {
    Seq(_, list) {
      if (isSeq(list) && list.items.every(isScalar)) list.flow = true
    }
  })
  return document.toString({ lineWidth: 110, flowCollectionPadding: false })
}
