import kafkajs, { type ICustomPartitioner } from 'kafkajs'

/** The time of KafkaJS's hash grows with the square of the key's length: a megabyte would take minutes. */
const hashedBytes = 1_024

/** The default partitioner, which sees only the beginning of a long key. */
export const boundedPartitioner: ICustomPartitioner = () => {
  const choose = kafkajs.Partitioners.DefaultPartitioner()
  return args => {
    const { key } = args.message
    if (key === null || key === undefined || key.length <= hashedBytes) return choose(args)
    const head = typeof key === 'string' ? key.slice(0, hashedBytes) : key.subarray(0, hashedBytes)
    return choose({ ...args, message: { ...args.message, key: head } })
  }
}
