/** English made 40 % longer and accented, placeholders kept: what breaks in it would break in another language. */
const ACCENTS: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  c: 'ç',
  n: 'ñ',
  A: 'Á',
  E: 'É',
  O: 'Ó',
}
const FILL = 'lorem ipsum dolor sit amet '

/** One text, at least 40 % longer. */
export function lengthen(text: string): string {
  const accented = text.replaceAll(/\{\{.*?\}\}|[aeioucnAEO]/gu, (part) => ACCENTS[part] ?? part)
  const extra = Math.ceil(text.length * 0.4)
  return `${accented} ${FILL.repeat(Math.ceil(extra / FILL.length)).slice(0, extra)}`.trimEnd()
}

/** A whole catalogue, at every depth. */
export function lengthenCatalogue(catalogue: object): object {
  return Object.fromEntries(
    Object.entries(catalogue).map(([key, value]) => [
      key,
      typeof value === 'string' ? lengthen(value) : lengthenCatalogue(value as object),
    ]),
  )
}
