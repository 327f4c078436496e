// Loaded with --import into the bare loop: KafkaJS by itself has gzip alone. Batches are decoded as KafkaJS does it.
import kafkajs from 'kafkajs'
import { registerCodecs } from '../../src/source/kafka/codecs.ts'

registerCodecs(kafkajs)
Reflect.deleteProperty(kafkajs.CompressionCodecs, 'readBatch')
