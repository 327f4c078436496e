import kafkajs, { type Assigner, type Cluster, type GroupMember } from 'kafkajs'
import { describe, expect, test } from 'vitest'
import { createOneOwnerAssigner, createOwnership } from '../../../../src/source/kafka/assigner.ts'

const protocol = kafkajs.AssignerProtocol

const cluster = {
  findTopicPartitionMetadata: (topic: string) =>
    (topic === 'orders' ? [0, 1, 2] : [0]).map(partitionId => ({ partitionId }))
} as Cluster

const nowMs = 90_000

const assignerOf = (ownedSince: number, owns = false): Assigner =>
  createOneOwnerAssigner({
    ownership: { since: () => ownedSince, owns: () => owns },
    instance: () => ({ name: 'desk:1', host: '', port: 8080 }),
    clock: { now: () => nowMs }
  })({
    cluster,
    groupId: 'cartwatch',
    logger: undefined as never
  })

const member = (
  memberId: string,
  ownedSince: number,
  { topics = ['orders', 'visits'], owns = false } = {}
): GroupMember => ({
  memberId,
  memberMetadata: assignerOf(ownedSince, owns).protocol({ topics }).metadata
})

async function assigned(...members: GroupMember[]) {
  const answer = await assignerOf(0).assign({ members, topics: ['orders', 'visits'] })
  return answer.map(({ memberId, memberAssignment }) => [
    memberId,
    { ...protocol.MemberAssignment.decode(memberAssignment)?.assignment }
  ])
}

const all = { orders: [0, 1, 2], visits: [0] }

describe('the one-owner assigner', () => {
  test('gives every partition of every topic to one member and nothing to the others', async () => {
    expect(await assigned(member('b', 0), member('a', 0), member('c', 0))).toEqual([['a', all]])
  })

  test('leaves the partitions with their owner when others join', async () => {
    expect(await assigned(member('a', 0), member('b', 1_000), member('c', 0))).toEqual([['b', all]])
  })

  test('prefers the member that became owner later over one back from a long pause', async () => {
    expect(await assigned(member('back', 1_000), member('now', 60_000))).toEqual([['now', all]])
  })

  test('decides equal claims by the member id, in whatever order the members come', async () => {
    expect(await assigned(member('b', 1_000), member('a', 1_000))).toEqual([['a', all]])
    expect(await assigned(member('a', 1_000), member('b', 1_000))).toEqual([['a', all]])
  })

  test('reads the claim of an earlier version, which sends nothing else', async () => {
    const userData = Buffer.alloc(8)
    userData.writeDoubleBE(2_000)
    const metadata = { version: 0, topics: ['orders', 'visits'], userData }
    const earlier = { memberId: 'b', memberMetadata: protocol.MemberMetadata.encode(metadata) }
    expect(await assigned(member('a', 1_000), earlier)).toEqual([['b', all]])
  })

  test("says with the assignment since when the partitions are the owner's: now if they were another's", async () => {
    const since = async (owns: boolean) => {
      const members = [member('a', 1_000, { owns }), member('b', 0)]
      const [given] = await assignerOf(0).assign({ members, topics: ['orders'] })
      return protocol.MemberAssignment.decode(given?.memberAssignment as Buffer)?.userData.readDoubleBE()
    }
    expect([await since(true), await since(false)]).toEqual([1_000, nowMs])
  })

  test('treats a member without a claim as one that never was the owner', async () => {
    const metadata = { version: 0, topics: ['orders', 'visits'], userData: Buffer.alloc(0) }
    const silent = { memberId: 'a', memberMetadata: protocol.MemberMetadata.encode(metadata) }
    expect(await assigned(silent, member('b', 1))).toEqual([['b', all]])
  })

  test('gives the owner only topics that it reads', async () => {
    expect(await assigned(member('a', 1_000, { topics: ['visits'] }), member('b', 0))).toEqual([
      ['a', { visits: [0] }]
    ])
  })
})

describe('ownership', () => {
  test('begins when the partitions are assigned and keeps its beginning over rebalances', () => {
    let now = 1_000
    const ownership = createOwnership({ now: () => now })
    expect([ownership.joined({}), ownership.since()]).toEqual([false, 0])
    expect([ownership.joined({ orders: [0] }), ownership.since()]).toEqual([true, 1_000])
    now = 2_000
    expect([ownership.joined({ orders: [0, 1] }), ownership.since()]).toEqual([true, 1_000])
  })

  test('keeps its old beginning while others own the partitions, and then begins again', () => {
    let now = 1_000
    const ownership = createOwnership({ now: () => now })
    ownership.joined({ orders: [0] })
    now = 2_000
    expect([ownership.joined({ orders: [] }), ownership.since()]).toEqual([false, 1_000])
    expect([ownership.joined({ orders: [0] }), ownership.since()]).toEqual([true, 2_000])
  })
})
