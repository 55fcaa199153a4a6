/** The page on which all pictures of an album stand side by side, screen by screen. */
import type { Picture } from './album.ts'

/** Names are ours and hold no markup. */
export function albumPage(screens: readonly string[], pictures: readonly Picture[]): string {
  const shown = (screen: string): string =>
    pictures
      .filter((picture) => picture.screen === screen)
      .map(
        ({ file, look, theme }) =>
          `<a href="${file}"><img src="${file}" alt="${screen}, ${look}, ${theme}" loading="lazy" height="300"></a>`,
      )
      .join('\n')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Album</title>
${screens.map((screen) => `<h2 id="${screen}">${screen}</h2>\n${shown(screen)}`).join('\n')}
</html>
`
}
