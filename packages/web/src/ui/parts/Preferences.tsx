/** Language and appearance, changed without a reload. */
import { Languages, SunMoon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseLanguage } from '../i18n/i18n.ts'
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n/language.ts'
import { chooseTheme, currentTheme, THEMES } from '../theme.ts'
import { Picker } from './Field.tsx'

export function LanguagePicker({ bare }: { bare?: boolean }) {
  const { t, i18n } = useTranslation()
  const choose = (value: string) => {
    const language = LANGUAGES.find((known) => known === value)
    // A catalogue that does not arrive leaves the language as it was.
    if (language !== undefined) chooseLanguage(language).catch(() => undefined)
  }
  return (
    <Picker
      label={t('preferences.language')}
      {...(bare === true ? { icon: <Languages size={20} aria-hidden /> } : {})}
      value={i18n.language}
      onChange={choose}
      options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
    />
  )
}

export function Preferences() {
  const { t } = useTranslation()
  const [theme, setTheme] = useState(currentTheme)
  const choose = (value: string) => {
    const known = THEMES.find((one) => one === value) ?? 'system'
    setTheme(known)
    chooseTheme(known)
  }
  return (
    <fieldset className="preferences" aria-label={t('preferences.open')}>
      <LanguagePicker bare />
      <Picker
        label={t('preferences.theme')}
        icon={<SunMoon size={20} aria-hidden />}
        value={theme}
        onChange={choose}
        options={THEMES.map((value) => ({ value, label: t(`preferences.${value}`) }))}
      />
    </fieldset>
  )
}
