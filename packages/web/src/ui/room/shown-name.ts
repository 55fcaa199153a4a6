/** What a person is called on screen: a telephone bridge by what it is and who runs it, as the host signed it (TEL3). */
import type { PersonView } from '@huisclos/participant'
import type { TFunction } from 'i18next'

export function shownName(
  { name, bridge }: Pick<PersonView<unknown>, 'name' | 'bridge'>,
  t: TFunction,
): string {
  if (bridge !== undefined) return t('phones.bridge', { runBy: bridge.runBy })
  return name === '' ? t('room.someone') : name
}
