import kafkajs, { type ICustomPartitioner } from 'kafkajs'

/** KafkaJS's hash of a key takes a time that grows with the square of its length: a megabyte would take minutes. */
const hashedBytes = 1_024

/** The default partitioner, to which a long key is its beginning. */
export const boundedPartitioner: ICustomPartitioner = () => {
  const choose = kafkajs.Partitioners.DefaultPartitioner()
  return args => {
    const { key } = args.message
    if (key === null || key === undefined || key.length <= hashedBytes) return choose(args)
    const head = typeof key === 'string' ? key.slice(0, hashedBytes) : key.subarray(0, hashedBytes)
    return choose({ ...args, message: { ...args.message, key: head } })
  }
}
