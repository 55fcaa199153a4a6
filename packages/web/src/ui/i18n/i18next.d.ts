import type recordings from '../../vault/texts/en.json'
import type en from './en.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en; recordings: typeof recordings }
    returnNull: false
  }
}
