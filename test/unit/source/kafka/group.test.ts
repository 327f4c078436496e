import kafkajs from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { encodeMetadata } from '../../../../src/source/commit-metadata.ts'
import { createGroup } from '../../../../src/source/kafka/group.ts'
import { decodeMember, encodeMember, encodeTime } from '../../../../src/source/kafka/member.ts'

const protocol = kafkajs.AssignerProtocol
const nobody = Buffer.alloc(0)

const metadataOf = (userData: Buffer) =>
  protocol.MemberMetadata.encode({ version: 0, topics: ['orders'], userData })

const given = (userData: Buffer) =>
  protocol.MemberAssignment.encode({ version: 0, assignment: { orders: [0, 1] }, userData })

const memberOf = (memberMetadata: Buffer, memberAssignment: Buffer, clientHost = '/10.0.0.7') => ({
  memberId: 'm',
  clientId: 'cartwatch',
  clientHost,
  memberMetadata,
  memberAssignment
})

const sentBy = (name: string, host = '') =>
  metadataOf(encodeMember({ claim: 0, owns: false, instance: { name, host, port: 8080 } }))

function groupOf(members: readonly ReturnType<typeof memberOf>[], state = 'Stable', metadata = '') {
  const offsets = [
    { partition: 1, offset: '-1', metadata: '' },
    { partition: 0, offset: '40', metadata }
  ]
  const ends = [
    { partition: 1, low: '5', high: '9', offset: '9' },
    { partition: 0, low: '0', high: '100', offset: '100' }
  ]
  return createGroup({
    admin: {
      describeGroups: async () =>
        ({ groups: [{ groupId: 'g', protocol: '', protocolType: '', state, members }] }) as never,
      fetchOffsets: async () => [{ topic: 'orders', partitions: offsets }],
      fetchTopicOffsets: async () => ends
    },
    group: 'g',
    topics: ['orders']
  })
}

describe('what a member sends of itself', () => {
  test('is read back as it was sent', () => {
    const member = { claim: 1_234.5, owns: true, instance: { name: 'desk:1', host: '::1', port: 65_535 } }
    expect(decodeMember(encodeMember(member))).toEqual(member)
  })

  test('is only its claim in an earlier version, and nothing in another program', () => {
    const claim = { claim: 7, owns: false, instance: undefined }
    expect(decodeMember(encodeMember(claim))).toEqual(claim)
    const nothing = { claim: 0, owns: false, instance: undefined }
    for (const other of [undefined, nobody, Buffer.from('{"x":1}')])
      expect(decodeMember(other)).toEqual(nothing)
  })

  test('keeps its claim if the rest cannot be read', () => {
    const later = Buffer.concat([encodeTime(7), Buffer.from('{"name":3}')])
    expect(decodeMember(later)).toEqual({ claim: 7, owns: false, instance: undefined })
  })
})

describe('the description of a group', () => {
  test('says who works since when, who is a standby, and where each is asked', async () => {
    const members = [
      memberOf(sentBy('desk:1'), given(encodeTime(5_000))),
      memberOf(sentBy('desk:2', '127.0.0.1'), nobody),
      memberOf(metadataOf(encodeTime(3_000)), nobody, '/10.0.0.9')
    ]
    expect(await groupOf(members).describe()).toEqual({
      state: 'Stable',
      members: [
        { name: 'desk:1', address: { host: '10.0.0.7', port: 8080 }, works: true, since: 5_000 },
        { name: 'desk:2', address: { host: '127.0.0.1', port: 8080 }, works: false, since: undefined },
        { name: 'cartwatch@10.0.0.9', address: undefined, works: false, since: undefined }
      ]
    })
  })

  test('does not say since when if the leader did not', async () => {
    const { members } = await groupOf([memberOf(sentBy('desk:1'), given(nobody))]).describe()
    expect(members.map(({ works, since }) => [works, since])).toEqual([[true, undefined]])
  })

  test('names nobody while the group is rebalancing, because Kafka does not', async () => {
    const group = groupOf([memberOf(nobody, nobody)], 'PreparingRebalance')
    expect(await group.describe()).toEqual({ state: 'PreparingRebalance', members: [] })
  })

  test('gives commits in the order of the partitions, with their lag', async () => {
    const metadata = encodeMetadata({
      offset: 40,
      closedUntil: 60_000,
      maxEventTime: undefined,
      maxRecordTime: undefined,
      incompleteUntil: undefined,
      closedMarkers: []
    })
    expect(await groupOf([], 'Stable', metadata).committed()).toEqual([
      { topic: 'orders', partition: 0, offset: 40, lag: 60, doneUntil: 60_000 },
      { topic: 'orders', partition: 1, offset: undefined, lag: 4, doneUntil: undefined }
    ])
  })
})
