import { expect, test } from 'vitest'
import { installPackages, missingFrom } from './debian.mjs'

test('installed is what dpkg calls installed, not what it merely knows', () => {
  const output =
    'make install ok installed\ng++ deinstall ok config-files\nlibuv1-dev unknown ok not-installed\n'
  expect(missingFrom(output, ['make', 'g++', 'libuv1-dev', 'absent'])).toEqual([
    'g++',
    'libuv1-dev',
    'absent',
  ])
})

test('nothing missing needs neither root nor apt', async () => {
  await expect(installPackages('x', [], { isRoot: false, hasApt: false })).resolves.toBeUndefined()
})

test('without root, one message with the exact command', async () => {
  const failed = installPackages('Building', ['g++', 'make'], { isRoot: false, hasApt: true })
  await expect(failed).rejects.toMatchObject({
    code: 'missing-packages',
    message: 'Building needs 2 Debian packages. Install with:',
    hint: 'sudo apt-get update && sudo apt-get install -y g++ make',
  })
})

test('without apt, the names of the packages', async () => {
  const failed = installPackages('Building', ['g++'], { isRoot: true, hasApt: false })
  await expect(failed).rejects.toMatchObject({ code: 'missing-packages', hint: 'On Debian they are: g++' })
})
