import type { Canvas } from '@napi-rs/canvas'
import sharp from 'sharp'

/** How a paper is photographed. Lengths are pixels of the picture. */
export interface Shot {
  seed: number
  width: number
  height: number
  /** Picture pixels for one pixel of the paper. */
  zoom: number
  desk: 'oak' | 'slate' | 'linen'
  degrees?: number
  /** How far the telephone leans to the right and to the front; 0.1 is a little. */
  lean?: [number, number]
  /** How far the paper's rows bend. */
  curl?: number
  /** 0: even light; 0.5: one corner has half the light of the other. */
  shade?: number
  blur?: number
  noise?: number
  quality?: number
}

/** Numbers in 0..1 that follow from the seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

type Colour = [number, number, number]

const desks: Record<Shot['desk'], { colour: Colour; grain: number; stripes: number }> = {
  oak: { colour: [148, 106, 70], grain: 10, stripes: 20 },
  slate: { colour: [72, 77, 84], grain: 12, stripes: 0 },
  linen: { colour: [150, 158, 152], grain: 16, stripes: 6 },
}

/** A JPEG of the paper lying on a desk. */
export async function photograph(paper: Canvas, shot: Shot): Promise<Buffer> {
  const { width, height } = shot
  const pixels = paper.getContext('2d').getImageData(0, 0, paper.width, paper.height).data
  const data = Buffer.alloc(width * height * 3)
  const next = random(shot.seed)
  const folds = [0.3 + 0.1 * next(), 0.62 + 0.1 * next()]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = toPaper(x, y, paper, shot)
      const inside = u >= 0 && v >= 0 && u < paper.width - 1 && v < paper.height - 1
      const colour = inside
        ? shadePaper(sample(pixels, paper.width, u, v), u / paper.width, v / paper.height, folds)
        : deskAt(x, y, shot, shadowAt(u, v, paper))
      const light = lightAt(x / width, y / height, shot.shade ?? 0.2)
      const speck = (next() - 0.5) * 2 * (shot.noise ?? 5)
      for (let channel = 0; channel < 3; channel++) {
        const value = (colour[channel] ?? 0) * light * (channel === 2 ? 0.97 : 1) + speck
        data[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, value))
      }
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .blur(shot.blur ?? 0.6)
    .jpeg({ quality: shot.quality ?? 72, mozjpeg: true })
    .toBuffer()
}

/** Where on the paper the picture's point (x, y) lies: undoes perspective, turn and curl. */
function toPaper(x: number, y: number, paper: Canvas, shot: Shot): [number, number] {
  const [sx, sy] = [x - shot.width / 2, y - shot.height / 2]
  const [leanX, leanY] = shot.lean ?? [0, 0]
  const depth = 1 / (1 - (leanX * sx) / shot.width - (leanY * sy) / shot.height)
  const angle = ((shot.degrees ?? 0) * Math.PI) / 180
  const [px, py] = [(sx * depth) / shot.zoom, (sy * depth) / shot.zoom]
  const u = px * Math.cos(angle) + py * Math.sin(angle) + paper.width / 2
  const v = -px * Math.sin(angle) + py * Math.cos(angle) + paper.height / 2
  return [u, v + (shot.curl ?? 0) * Math.sin((Math.PI * u) / paper.width)]
}

function sample(pixels: Uint8ClampedArray, width: number, u: number, v: number): Colour {
  const [left, top] = [Math.floor(u), Math.floor(v)]
  const [fx, fy] = [u - left, v - top]
  const at = (top * width + left) * 4
  const mix = (channel: number) => {
    const a = pixels[at + channel] ?? 255
    const b = pixels[at + 4 + channel] ?? 255
    const c = pixels[at + width * 4 + channel] ?? 255
    const d = pixels[at + width * 4 + 4 + channel] ?? 255
    return (a * (1 - fx) + b * fx) * (1 - fy) + (c * (1 - fx) + d * fx) * fy
  }
  return [mix(0), mix(1), mix(2)]
}

/** Rounded towards the sides, with a soft crease where it was folded. */
function shadePaper(colour: Colour, u: number, v: number, folds: number[]): Colour {
  let light = 0.93 + 0.05 * Math.sin(Math.PI * u) + 0.015 * Math.sin(9 * v)
  for (const fold of folds) {
    const distance = (v - fold - 0.012 * Math.sin(4 * u)) * 60
    light += -0.05 * Math.exp(-(distance ** 2) * 4) + 0.03 * Math.exp(-((distance - 0.8) ** 2) * 3)
  }
  return [colour[0] * light, colour[1] * light, colour[2] * light]
}

/** 1 far from the paper, less in its shadow, which falls to the lower right. */
function shadowAt(u: number, v: number, paper: Canvas): number {
  const beside = Math.max(-u, u - paper.width - 8, 0)
  const below = Math.max(-v + 8, v - paper.height - 10, 0)
  return 1 - 0.5 * Math.exp(-Math.hypot(beside, below) / 14)
}

function deskAt(x: number, y: number, shot: Shot, light: number): Colour {
  const { colour, grain, stripes } = desks[shot.desk]
  const wave =
    Math.sin(y * 0.045 + 2.2 * Math.sin(x * 0.0031 + shot.seed)) +
    0.6 * Math.sin(y * 0.19 + Math.sin(x * 0.011))
  const fibre = Math.sin(x * 12.9898 + y * 78.233 + shot.seed) * 43758.5453
  const change = wave * stripes * 0.5 + (fibre - Math.floor(fibre) - 0.5) * grain
  return [(colour[0] + change) * light, (colour[1] + change) * light, (colour[2] + change) * light]
}

function lightAt(x: number, y: number, shade: number): number {
  return 1.02 - shade * (0.55 * x + 0.45 * y) - 0.12 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)
}
