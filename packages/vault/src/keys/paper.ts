/**
 * The page to print [REC6]: one key or share as rows of letters and as a QR code, with what it is for and what its loss
 * means. Self-contained HTML: no script, nothing loaded from anywhere.
 */
import { formatFingerprint } from '@huisclos/crypto/seal'
import { renderSVG } from 'uqr'
import type { Backup } from './backup-text.ts'
import { encodeBackup } from './backup-text.ts'

export type PaperLanguage = 'en' | 'fr'

const WORDS = {
  en: {
    key: 'Recording key',
    share: 'Share of a recording key',
    owner: 'Owner',
    fingerprint: 'Fingerprint',
    needed: (needed: number, of: number) =>
      `Any ${needed} of ${of} shares open the recordings; fewer say nothing.`,
    whole: 'This sheet alone opens the recordings. Keep it like the recordings themselves.',
    loss: 'If the key is lost, the recordings are lost. Nobody can open them then: neither the operator of the server nor the makers of this program.',
    check: 'To check this sheet without opening anything: huisclos vault check',
  },
  fr: {
    key: 'Clé d’enregistrement',
    share: 'Part d’une clé d’enregistrement',
    owner: 'Propriétaire',
    fingerprint: 'Empreinte',
    needed: (needed: number, of: number) =>
      `${needed} parts sur ${of}, peu importe lesquelles, ouvrent les enregistrements\u202f; moins ne disent rien.`,
    whole: 'Cette feuille seule ouvre les enregistrements. Gardez-la comme les enregistrements eux-mêmes.',
    loss: 'Clé perdue, enregistrements perdus. Plus personne ne peut alors les ouvrir\u202f: ni l’exploitant du serveur, ni les auteurs de ce logiciel.',
    check: 'Pour vérifier cette feuille sans rien ouvrir\u202f: huisclos vault check',
  },
} as const

export function renderPaper(backup: Backup, owner: string, language: PaperLanguage): string {
  const words = WORDS[language]
  const text = encodeBackup(backup)
  const title = backup.kind === 'key' ? words.key : words.share
  const use = backup.kind === 'key' ? words.whole : words.needed(backup.needed, backup.of)
  const qr = renderSVG(text.replace(/\s/g, ''), { border: 2, ecc: 'M' })
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${title}</title>
<style>body{font:14pt/1.5 sans-serif;max-width:17cm;margin:2cm auto;color:#000;background:#fff}
pre{font:16pt/1.6 monospace;border:1pt solid;padding:8pt 12pt}svg{width:6cm;height:6cm}strong{font-size:16pt}</style></head>
<body><h1>${title}</h1>
<p>${words.owner}: ${escapeHtml(owner)}<br>${words.fingerprint}: <code>${formatFingerprint(backup.fingerprint)}</code></p>
<pre>${text}</pre>
${qr}
<p>${use}</p>
<p><strong>${words.loss}</strong></p>
<p>${words.check}</p>
</body></html>
`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
