/** What the vault's commands say to people, in English and French. Codes and reports stay the same in both. */
import type { VaultCode } from '@huisclos/vault'

export type Language = 'en' | 'fr'

/** From LC_ALL, LC_MESSAGES or LANG, the first that is set. */
export function languageOf(environment: Record<string, string | undefined>): Language {
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || ''
  return /^fr/i.test(locale) ? 'fr' : 'en'
}

const en = {
  usage: `huisclos vault keygen NAME [--owner TEXT] [--shares K/N] [--paper]
huisclos vault check BACKUP… [--public FILE] [--prove]
huisclos vault list FOLDER|https://SERVER [--token-file FILE]
huisclos vault verify RECORDING|https://SERVER/ID [--token-file FILE]
huisclos vault open RECORDING|https://SERVER/ID --key FILE… [--out FOLDER] [--format webm|mp4] [--no-gallery]
huisclos vault export RECORDING|https://SERVER/ID --key FILE… --out FILE.webm|FILE.mp4
The passphrase is asked for, or read from --passphrase-file. Status: 0 whole, 1 refused, 2 usage, 3 something missing.`,
  askNew: 'New passphrase (12 characters or more): ',
  askAgain: 'Again: ',
  ask: 'Passphrase: ',
  made: 'Made',
  fingerprint: 'Fingerprint',
  owner: 'Owner',
  loss: 'IF YOU LOSE THIS KEY, THE RECORDINGS ARE LOST. Nobody can open them then, neither the server’s operator nor the makers of this program. Keep a second copy in another place, and check both.',
  publicUse: 'Give this file to whoever starts recordings; it opens nothing.',
  good: 'readable',
  proven: 'holds this key',
  whole: 'Whole: nothing missing, nothing damaged.',
  amiss: 'Something is missing or damaged; everything else was opened:',
  noGallery: 'Without the composed file: ffmpeg is missing (Debian: apt-get install ffmpeg).',
  none: 'No recordings.',
} as const
type Words = { readonly [K in keyof typeof en]: string }

const fr: Words = {
  usage: `huisclos vault keygen NOM [--owner TEXTE] [--shares K/N] [--paper]
huisclos vault check SAUVEGARDE… [--public FICHIER] [--prove]
huisclos vault list DOSSIER|https://SERVEUR [--token-file FICHIER]
huisclos vault verify ENREGISTREMENT|https://SERVEUR/ID [--token-file FICHIER]
huisclos vault open ENREGISTREMENT|https://SERVEUR/ID --key FICHIER… [--out DOSSIER] [--format webm|mp4] [--no-gallery]
huisclos vault export ENREGISTREMENT|https://SERVEUR/ID --key FICHIER… --out FICHIER.webm|FICHIER.mp4
La phrase de passe est demandée, ou lue dans --passphrase-file. Retour\u202f: 0 entier, 1 refus, 2 usage, 3 il manque quelque chose.`,
  askNew: 'Nouvelle phrase de passe (12 caractères ou plus)\u202f: ',
  askAgain: 'Encore une fois\u202f: ',
  ask: 'Phrase de passe\u202f: ',
  made: 'Créé',
  fingerprint: 'Empreinte',
  owner: 'Propriétaire',
  loss: 'SI VOUS PERDEZ CETTE CLÉ, LES ENREGISTREMENTS SONT PERDUS. Plus personne ne peut alors les ouvrir, ni l’exploitant du serveur, ni les auteurs de ce logiciel. Gardez une seconde copie ailleurs, et vérifiez les deux.',
  publicUse: 'Donnez ce fichier à qui lance les enregistrements\u202f; il n’ouvre rien.',
  good: 'lisible',
  proven: 'contient bien cette clé',
  whole: 'Entier\u202f: rien ne manque, rien n’est abîmé.',
  amiss: 'Quelque chose manque ou est abîmé\u202f; tout le reste a été ouvert\u202f:',
  noGallery: 'Sans le fichier composé\u202f: ffmpeg manque (Debian\u202f: apt-get install ffmpeg).',
  none: 'Aucun enregistrement.',
}

export const words: Record<Language, Words> = { en, fr }

type Errors = Record<VaultCode, string>
const errorsEn: Errors = {
  'key-file-damaged': 'This is no key file, or it is damaged.',
  'key-version-unknown': 'This key was made by a later version of this program.',
  'passphrase-wrong': 'The passphrase is wrong, or the key file was altered.',
  'passphrase-weak': 'The passphrase needs 12 characters or more.',
  'share-damaged': 'A slip or damage in this sheet, in the row',
  'shares-too-few': 'Not enough different shares; needed are',
  'shares-mixed': 'These shares are not of one key.',
  'shares-invalid': 'Shares are K/N with 2 ≤ K ≤ N ≤ 32.',
  'key-mismatch': 'This is another key than it says, or than the one asked for.',
  'recording-not-found': 'No recording there:',
  'recording-empty': 'Nothing of this recording can be read.',
  'nothing-opens': 'This key opens nothing here:',
  'server-refused': 'The server refuses or does not answer:',
  'file-exists': 'A file of that name exists already:',
  'file-unreadable': 'This cannot be read or written:',
  'ffmpeg-missing': 'ffmpeg is missing (Debian: apt-get install ffmpeg).',
  'ffmpeg-failed': 'ffmpeg failed:',
  usage: 'That is not how it is called:',
}
const errorsFr: Errors = {
  'key-file-damaged': 'Ce n’est pas un fichier de clé, ou il est abîmé.',
  'key-version-unknown': 'Cette clé vient d’une version plus récente de ce logiciel.',
  'passphrase-wrong': 'La phrase de passe est fausse, ou le fichier de clé a été modifié.',
  'passphrase-weak': 'La phrase de passe doit avoir au moins 12 caractères.',
  'share-damaged': 'Une faute ou un dommage sur cette feuille, à la ligne',
  'shares-too-few': 'Pas assez de parts différentes\u202f; il en faut',
  'shares-mixed': 'Ces parts ne sont pas de la même clé.',
  'shares-invalid': 'Les parts s’écrivent K/N avec 2 ≤ K ≤ N ≤ 32.',
  'key-mismatch': 'C’est une autre clé que celle annoncée, ou que celle demandée.',
  'recording-not-found': 'Pas d’enregistrement ici\u202f:',
  'recording-empty': 'Rien de cet enregistrement n’est lisible.',
  'nothing-opens': 'Cette clé n’ouvre rien ici\u202f:',
  'server-refused': 'Le serveur refuse ou ne répond pas\u202f:',
  'file-exists': 'Un fichier de ce nom existe déjà\u202f:',
  'file-unreadable': 'Impossible à lire ou à écrire\u202f:',
  'ffmpeg-missing': 'ffmpeg manque (Debian\u202f: apt-get install ffmpeg).',
  'ffmpeg-failed': 'ffmpeg a échoué\u202f:',
  usage: 'Ce n’est pas la bonne façon d’appeler\u202f:',
}
export const errorWords: Record<Language, Errors> = { en: errorsEn, fr: errorsFr }
