/**
 * Whether somebody of one's own name was here first: probably oneself on another device, which howls when both have
 * sound (DEV8). Pure. Only a name is compared, so it is only ever asked, never acted upon.
 */
import type { PersonView } from '@huisclos/participant'

/** Equal names are told apart by a number (WEB1); capitals and accents typed otherwise do not matter. */
const bare = (name: string): string =>
  name
    .replace(/ \(\d+\)$/u, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .trim()
    .toLowerCase()

export function hasTwin(people: readonly Pick<PersonView<unknown>, 'name' | 'self'>[]): boolean {
  const self = people.find((person) => person.self)
  const name = bare(self?.name ?? '')
  return name !== '' && people.some((person) => !person.self && bare(person.name) === name)
}
