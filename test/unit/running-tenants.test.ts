import { expect, test } from 'vitest'
import { createRunTenants } from '../../src/running-tenants.ts'

test.each(['abc', '-1', '8080.5', '65536'])('HTTP_PORT=%s is refused before a tenant starts', async port => {
  const run = createRunTenants({ HTTP_PORT: port })
  await expect(run({ folder: 'no-such-folder', listen: undefined })).rejects.toThrow(
    `environment variable HTTP_PORT: is "${port}"; expected a number from 0 to 65535`
  )
})
