/**
 * Product pictures without files or network: a category's silhouette in the product's colour on a
 * tinted ground, as a data URI of 250 to 350 characters. Everything a URL or an HTML attribute
 * could trip over is percent-encoded.
 */

/** Outlines on a 48 by 48 grid: the shape, then details in a lighter tone. */
const ICONS: Readonly<Record<string, readonly [shape: string, detail: string]>> = {
  tent: ['M24,10,43,38H5z', 'M24,22l8,16H16z'],
  backpack: ['M13,20a11,11,0,0,1,22,0v20H13z', 'M17,27h14v9H17zM19,16h10v3H19z'],
  bag: ['M8,17q16-6,32,0v14q-16,6-32,0z', 'M14,15v18h3V14zM31,14v19h3V15z'],
  boot: ['M14,9h11v14l11,4q5,2,5,9H14z', 'M12,37h29v3H12zM25,13h4v2h-4zM25,18h4v2h-4z'],
  jacket: ['M17,10h14l10,8-4,7-4-3v17H15V22l-4,3-4-7z', 'M23,14h2v25h-2zM18,28h3v5h-3z'],
  pot: ['M10,19h24v17q0,4-4,4H14q-4,0-4-4z', 'M34,23h7v9h-7v-3h4v-3h-4zM8,15h28v3H8z'],
  lantern: ['M17,16h14l2,22H15z', 'M20,20h8v13h-8zM20,8h8v3h4v3H16v-3h4z'],
  bottle: ['M20,13h8l4,7v20H16V20z', 'M20,7h8v4h-8zM16,26h16v7H16z'],
  bicycle: [
    'M12,22a9,9,0,1,0,.1,0zM36,22a9,9,0,1,0,.1,0z',
    'M11,31l8-15h11l7,15-2,1-7-12-7,12-3-10-5,10z',
  ],
  cushion: [
    'M9,13q15,4,30,0-3,11,0,22-15-4-30,0,3-11,0-22z',
    'M16,20q8,2,16,0-1,4,0,8-8-2-16,0,1-4,0-8z',
  ],
  plant: ['M14,28h20l-3,13H17z', 'M23,27q-13-3-11-15,12,2,12,11,0-9,11-12,2,12-10,16z'],
  chair: ['M12,8h5l3,17h17v4H19z', 'M19,29h3l-4,12h-3zM33,29h3l3,12h-3z'],
};

/** `colour` is six hexadecimal digits; `hue` (0..359) tints the ground. */
export function productImage(icon: string, colour: string, hue: number): string {
  const [shape, detail] = ICONS[icon]!;
  const svg =
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0,0,48,48'>" +
    `<path fill='hsl(${hue},40%,92%)' d='M0,0h48v48H0z'/>` +
    `<path fill='#${colour}' d='${shape}'/><path fill='#fff' opacity='.5' d='${detail}'/></svg>`;
  return `data:image/svg+xml,${svg.replace(/[^A-Za-z0-9,.:/=()-]/g, encodeURIComponent).replaceAll("'", '%27')}`;
}
