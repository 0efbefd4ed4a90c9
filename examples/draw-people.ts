/** Draws invented people in a park; the detector takes them for people all the same. Softened and with a little noise, as a camera would take it. */
import sharp from "sharp";

export interface Figure {
  /** Where the middle of the head's top is, pixels. */
  readonly x: number;
  readonly y: number;
  /** From head to shoes, pixels. */
  readonly height: number;
  readonly skin: string;
  readonly hair: string;
  readonly longHair: boolean;
  readonly top: string;
  /** Where they are of another colour than the top. */
  readonly sleeves?: string;
  readonly trousers: string;
  readonly shoes: string;
}

/** Drawn 800 units high. */
function figure({ x, y, height, skin, hair, longHair, top, sleeves = top, trousers, shoes }: Figure): string {
  const shaded = (path: string, fill: string): string => `<path d="${path}" fill="${fill}"/><path d="${path}" fill="url(#shade)"/>`;
  return `<g transform="translate(${x} ${y}) scale(${height / 800})">
    ${longHair ? `<path d="M-50 40Q-62-10 0-12Q62-10 52 45L60 150Q48 190 26 150L-30 150Q-52 190-60 150Z" fill="${hair}"/>` : ""}
    ${shaded("M-18 92L18 92L26 140L-26 140Z", skin)}
    ${shaded("M-6 400L-58 396Q-70 520-62 600Q-58 680-52 745L-14 745Q-8 640-2 560Z", trousers)}
    ${shaded("M0 400L58 396Q72 510 78 600Q86 670 104 738L66 748Q44 660 26 590Q10 520 2 470Z", trousers)}
    ${shaded("M-56 738L-12 738L-8 770Q-8 788-30 788L-86 788Q-92 768-60 756Z", shoes)}
    ${shaded("M66 744L106 732L118 764Q122 784 104 786L60 792Q52 772 70 760Z", shoes)}
    ${shaded("M78 150Q112 165 124 250Q134 320 166 372L140 392Q104 350 92 290Z", sleeves)}
    <ellipse cx="156" cy="392" rx="15" ry="20" fill="${skin}"/>
    ${shaded("M-26 128Q-84 134-96 168L-80 270Q-66 340-72 424L72 424Q66 340 80 270L96 168Q84 134 26 128Q0 156-26 128Z", top)}
    ${shaded("M-78 150Q-112 165-120 240Q-124 300-96 352L-40 330L-34 304L-82 296Q-84 260-70 220Z", sleeves)}
    <ellipse cx="-30" cy="318" rx="20" ry="15" fill="${skin}"/>
    ${shaded("M-42 40Q-44-4 0-4Q44-4 42 40Q40 82 18 100Q0 112-18 100Q-40 82-42 40Z", skin)}
    <path d="M-46 48Q-54-18 0-20Q54-18 46 48Q40 10 4 8Q-34 10-46 48Z" fill="${hair}"/>
    <path d="M-28 38Q-18 32-8 37M8 37Q18 32 28 38" stroke="${hair}" stroke-width="4" fill="none"/>
    <g fill="#efe9e2"><ellipse cx="-18" cy="46" rx="7" ry="3.6"/><ellipse cx="18" cy="46" rx="7" ry="3.6"/></g>
    <g fill="#2b1b10"><circle cx="-18" cy="46" r="3.4"/><circle cx="18" cy="46" r="3.4"/></g>
    <path d="M2 48Q-8 66-6 70Q0 74 8 70" stroke="#8d5a40" stroke-opacity=".6" stroke-width="3" fill="none"/>
    <path d="M-15 84Q0 92 15 84Q0 96-15 84Z" fill="#9c4a46"/>
  </g>`;
}

/** The park with these people in it, an upright JPEG of 800 x 600 pixels. Places are pixels of 1200 x 900. */
export async function drawPark(people: readonly Figure[]): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="900">
  <defs>
    <pattern id="stripes" width="20" height="34" patternUnits="userSpaceOnUse"><rect width="20" height="34" fill="#f6f6f4"/><rect width="20" height="17" fill="#141414"/></pattern>
    <linearGradient id="shade"><stop offset="0" stop-opacity=".45"/><stop offset=".4" stop-opacity="0"/><stop offset="1" stop-opacity=".35"/></linearGradient>
    <linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#9dbbd6"/><stop offset="1" stop-color="#e6eaea"/></linearGradient>
    <linearGradient id="grass" x2="0" y2="1"><stop offset="0" stop-color="#8c9a70"/><stop offset="1" stop-color="#6f7f52"/></linearGradient>
    <filter id="soft"><feGaussianBlur stdDeviation="1.3"/></filter>
    <filter id="leaves" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency=".03" numOctaves="5" seed="3"/><feColorMatrix values="0 0 0 0 .25  0 0 0 0 .3  0 0 0 0 .15  .9 0 0 0 -.2"/></filter>
  </defs>
  <rect width="1200" height="900" fill="url(#sky)"/>
  <rect y="330" width="1200" height="260" fill="#5d7a4a"/><rect y="330" width="1200" height="260" filter="url(#leaves)"/>
  <rect y="580" width="1200" height="320" fill="url(#grass)"/><rect y="580" width="1200" height="320" filter="url(#leaves)" opacity=".5"/>
  <g filter="url(#soft)">
    ${people.map(({ x, y, height }) => `<ellipse cx="${x + 10}" cy="${y + height - 5}" rx="130" ry="14" opacity=".4"/>`).join("")}
    ${people.map(figure).join("\n")}
  </g>
</svg>`;

  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let seed = 7;
  for (let at = 0; at < data.length; at++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    data[at] = Math.min(255, Math.max(0, (data[at] ?? 0) + ((seed >> 16) % 13) - 6));
  }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .resize({ width: 800 })
    .jpeg({ quality: 85 })
    .toBuffer();
}
