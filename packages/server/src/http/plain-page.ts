/** Pages that the server writes itself, in English and French, for when there is no client to show. No scripts. */

export interface Said {
  title: string
  text: string
}

/** A whole HTML page; both languages, since without scripts nobody chooses. Texts are ours and hold no markup. */
function plainPage(en: Said, fr: Said): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${en.title} – ${fr.title}</title>
<main>
<h1>${en.title}</h1>
<p>${en.text}</p>
<section lang="fr">
<h1>${fr.title}</h1>
<p>${fr.text}</p>
</section>
</main>
</html>
`
}

export const NOT_FOUND_PAGE = plainPage(
  {
    title: 'Page not found',
    text: 'There is nothing at this address. A meeting’s link looks like /m/… and must be copied whole.',
  },
  {
    title: 'Page introuvable',
    text: 'Il n’y a rien à cette adresse. Le lien d’une réunion ressemble à /m/… et doit être copié en entier.',
  },
)

export const NOT_BUILT_PAGE = plainPage(
  {
    title: 'The web client is not built',
    text: 'The server runs, but its pages are missing. Start it with “npm start”, which builds them.',
  },
  {
    title: 'Le client web n’est pas construit',
    text: 'Le serveur tourne, mais ses pages manquent. Lancez-le par « npm start », qui les construit.',
  },
)

export const FAULT_PAGE = plainPage(
  { title: 'Something went wrong', text: 'This is a fault of the server. Try again in a moment.' },
  { title: 'Une erreur est survenue', text: 'C’est une défaillance du serveur. Réessayez dans un instant.' },
)
