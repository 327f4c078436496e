import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** A worker serves one project: to change it takes another one. Units are a group of their own (vitest.config.ts). */
const projects = ['faults', 'integration', 'unit-alone', 'unit']

/** What takes longest of each project (`npm run test:slowest`), the longest first. */
const longest = [
  'faults/broker-gone.test.ts',
  'faults/instance-paused.test.ts',
  'faults/instance-restarted.test.ts',
  'faults/backlog.test.ts',
  'faults/random-faults.test.ts',
  'faults/topic-gone.test.ts',
  'faults/wall-clock.test.ts',
  'integration/store.test.ts',
  'integration/pipeline-restarts.test.ts',
  'integration/kill.test.ts',
  'integration/kill-quiet.test.ts',
  'integration/backfill.test.ts',
  'unit/generators/detection.test.ts',
  'unit/generators/weeks.test.ts',
  'unit/detectors/segments/quiet.test.ts',
  'unit/generators/totals.test.ts'
]

const placeOf = ({ moduleId }: TestSpecification) => {
  const place = longest.findIndex(name => moduleId.endsWith(`/test/${name}`))
  return place < 0 ? longest.length : place
}

/** Begins with what takes longest, so that no worker is left alone with it at the end. Vitest asks for a class. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const projectOf = ({ project }: TestSpecification) => projects.indexOf(project.name)
    const sorted = await super.sort(files)
    return sorted.sort((a, b) => projectOf(a) - projectOf(b) || placeOf(a) - placeOf(b))
  }
}
