import { Help } from '@commander-js/extra-typings'
import { expect, test } from 'vitest'
import { commandOf } from '../../../src/cli/commands.ts'
import { commandNames, listed, listedTerm } from '../../../src/cli/overview.ts'
import { commandContext } from '../../../src/command-context.ts'

const silent = { print() {}, complain() {}, setExitCode() {}, columns: () => undefined }

test.each(commandNames)('%s is listed as it is', async name => {
  const command = await commandOf(name, commandContext(silent, undefined))
  expect(command.name()).toBe(name)
  expect(listedTerm(name)).toBe(new Help().subcommandTerm(command))
  expect(listed(name).description()).toBe(command.description())
})
