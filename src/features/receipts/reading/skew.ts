import type { GreyPicture } from './picture.ts'

/** Further than this, people turn the telephone by a quarter. */
const maxDegrees = 12

/**
 * By how many degrees (clockwise) the picture must be turned for its rows to be level: the angle at which the ink of
 * each row falls together most sharply (projection profile, coarse, then fine).
 */
export function findSkew(picture: GreyPicture): number {
  const ink = inkPoints(picture)
  if (ink.x.length < 200) return 0
  let best = { angle: 0, score: profileSharpness(ink, 0) * 1.02 }
  const refine = (from: number, to: number, step: number) => {
    for (let angle = from; angle <= to; angle += step) {
      const score = profileSharpness(ink, angle)
      if (score > best.score) best = { angle, score }
    }
  }
  refine(-maxDegrees, maxDegrees, 0.5)
  refine(best.angle - 0.4, best.angle + 0.4, 0.1)
  return -best.angle
}

interface InkPoints {
  x: Float32Array
  y: Float32Array
  width: number
  height: number
}

/** The inked pixels of the picture, thinned to at most 1,000 pixels a side. */
function inkPoints(picture: GreyPicture): InkPoints {
  const step = Math.max(1, Math.max(picture.width, picture.height) / 1000)
  const [xs, ys]: [number[], number[]] = [[], []]
  for (let y = 0; y < picture.height; y += step) {
    for (let x = 0; x < picture.width; x += step) {
      if ((picture.data[Math.floor(y) * picture.width + Math.floor(x)] ?? 255) < 150) {
        xs.push(x / step)
        ys.push(y / step)
      }
    }
  }
  return {
    x: Float32Array.from(xs),
    y: Float32Array.from(ys),
    width: picture.width / step,
    height: picture.height / step,
  }
}

/** How unevenly ink is spread over rows that slope by `degrees`: high where rows and gaps are apart. */
function profileSharpness(ink: InkPoints, degrees: number): number {
  const slope = Math.tan((degrees * Math.PI) / 180)
  const offset = Math.ceil(Math.abs(slope) * ink.width)
  const profile = new Float64Array(Math.ceil(ink.height) + 2 * offset + 2)
  for (let i = 0; i < ink.x.length; i++) {
    const row = Math.floor((ink.y[i] ?? 0) - slope * (ink.x[i] ?? 0)) + offset
    profile[row] = (profile[row] ?? 0) + 1
  }
  let score = 0
  for (let row = 1; row < profile.length; row++) {
    score += ((profile[row] ?? 0) - (profile[row - 1] ?? 0)) ** 2
  }
  return score / ink.x.length
}
