import { expect, test } from 'vitest'
import { configOf, errorsIn } from '../../support/configs.ts'

test('changes come from topics of their own, and from none unless said', () => {
  expect(configOf('').changes).toEqual({ topics: [] })
  expect(configOf('changes: { topics: [deploys] }').changes).toEqual({ topics: ['deploys'] })
})

test('no topic is read for two things', () => {
  const yaml = `kafka: { topics: [events] }
intake: { topics: [alerts, events] }
changes: { topics: [deploys, alerts, deploys] }`
  const once = 'a topic that is read once: not one of kafka.topics, and not twice'
  expect(errorsIn(yaml).filter(line => line.includes('read once'))).toEqual([
    expect.stringMatching(new RegExp(`intake.topics\\[1\\].*${once}$`)),
    expect.stringMatching(new RegExp(`changes.topics\\[1\\].*${once}$`)),
    expect.stringMatching(new RegExp(`changes.topics\\[2\\].*${once}$`))
  ])
})
