import type { GreyPicture } from './picture.ts'

/**
 * Divides every pixel by the brightness of the paper around it, so that shadows and lamps vanish and paper is white
 * everywhere, and whitens the desk around the receipt.
 */
export function evenLight(picture: GreyPicture): GreyPicture {
  const cell = Math.max(8, Math.round(Math.max(picture.width, picture.height) / 160))
  const paper = paperMap(picture, cell)
  const desk = findDesk(paper)
  const data = new Uint8Array(picture.data.length)
  for (let y = 0; y < picture.height; y++) {
    const mapY = Math.min(paper.height - 1.001, Math.max(0, (y + 0.5) / cell - 0.5))
    const [top, fy] = [Math.floor(mapY), mapY % 1]
    const below = Math.min(top + 1, paper.height - 1)
    for (let x = 0; x < picture.width; x++) {
      const at = y * picture.width + x
      if (desk?.[Math.floor(y / cell) * paper.width + Math.floor(x / cell)]) {
        data[at] = 255
        continue
      }
      const mapX = Math.min(paper.width - 1.001, Math.max(0, (x + 0.5) / cell - 0.5))
      const [left, fx] = [Math.floor(mapX), mapX % 1]
      const right = Math.min(left + 1, paper.width - 1)
      const upper = mix(paper.data[top * paper.width + left], paper.data[top * paper.width + right], fx)
      const lower = mix(paper.data[below * paper.width + left], paper.data[below * paper.width + right], fx)
      // Below 40 there is no paper, only black whose noise must not be blown up.
      const light = Math.max(40, upper * (1 - fy) + lower * fy)
      data[at] = Math.min(255, ((picture.data[at] ?? 255) * 255) / (light * 0.96))
    }
  }
  const even = { data, width: picture.width, height: picture.height }
  clearBorder(even)
  darken(even)
  return even
}

/** Stretches faint print (old thermal paper) so that its darkest part is black. Bare paper's grain stays as it is. */
function darken({ data }: GreyPicture): void {
  const histogram = new Uint32Array(256)
  for (const value of data) histogram[value] = (histogram[value] ?? 0) + 1
  const darkest = percentile(histogram, data.length * 0.01)
  if (darkest < 30 || darkest > 225) return
  const table = Uint8Array.from({ length: 256 }, (_, value) =>
    Math.max(0, Math.min(255, ((value - darkest) * 255) / (255 - darkest))),
  )
  for (let at = 0; at < data.length; at++) data[at] = table[data[at] ?? 255] ?? 255
}

/** Whitens what is dark and touches the picture's edge: the rest of the desk, a scanner's black margin. */
function clearBorder({ data, width, height }: GreyPicture): void {
  const queue: number[] = []
  const visit = (x: number, y: number) => {
    const at = y * width + x
    if (x < 0 || y < 0 || x >= width || y >= height || (data[at] ?? 255) >= 140) return
    data[at] = 255
    queue.push(at)
  }
  for (let x = 0; x < width; x++) for (const y of [0, height - 1]) visit(x, y)
  for (let y = 0; y < height; y++) for (const x of [0, width - 1]) visit(x, y)
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const [x, y] = [at % width, Math.floor(at / width)]
    visit(x - 1, y)
    visit(x + 1, y)
    visit(x, y - 1)
    visit(x, y + 1)
  }
}

function mix(a = 255, b = 255, share: number): number {
  return a * (1 - share) + b * share
}

/** The brightness of the paper in each cell: the brightest pixels around, since ink only ever darkens. */
function paperMap(picture: GreyPicture, cell: number): GreyPicture {
  const width = Math.ceil(picture.width / cell)
  const height = Math.ceil(picture.height / cell)
  const brightest = new Uint8Array(width * height)
  const histogram = new Uint32Array(256)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      histogram.fill(0)
      let count = 0
      for (let y = row * cell; y < Math.min((row + 1) * cell, picture.height); y++) {
        for (let x = column * cell; x < Math.min((column + 1) * cell, picture.width); x++) {
          const value = picture.data[y * picture.width + x] ?? 255
          histogram[value] = (histogram[value] ?? 0) + 1
          count++
        }
      }
      brightest[row * width + column] = percentile(histogram, count * 0.9)
    }
  }
  const map = { data: brightest, width, height }
  return blur(filter3(map, (values) => Math.max(...values)))
}

function percentile(histogram: Uint32Array, wanted: number): number {
  let seen = 0
  for (let value = 0; value < 256; value++) {
    seen += histogram[value] ?? 0
    if (seen >= wanted) return value
  }
  return 255
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function blur(map: GreyPicture): GreyPicture {
  return filter3(filter3(map, mean), mean)
}

/** Each cell from its 3 × 3 surroundings. The map has some ten thousand cells, so that clarity costs nothing. */
function filter3(map: GreyPicture, combine: (values: number[]) => number): GreyPicture {
  const data = new Uint8Array(map.data.length)
  for (let y = 0; y < map.height; y++) {
    for (let x = 0; x < map.width; x++) {
      const values: number[] = []
      for (let ny = Math.max(0, y - 1); ny <= Math.min(map.height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(map.width - 1, x + 1); nx++) {
          values.push(map.data[ny * map.width + nx] ?? 0)
        }
      }
      data[y * map.width + x] = combine(values)
    }
  }
  return { data, width: map.width, height: map.height }
}

/**
 * The cells of the desk: dark ones that are connected to the picture's edge, when the picture clearly has two
 * brightnesses. A mere shadow over a receipt that fills the picture has no such gap (its separation is about 0.75).
 */
function findDesk(paper: GreyPicture): Uint8Array | null {
  const split = otsu(paper.data)
  if (split.separation < 0.82 || split.bright < 1.5 * Math.max(1, split.dark)) return null
  const desk = new Uint8Array(paper.data.length)
  const queue: number[] = []
  const visit = (x: number, y: number) => {
    const at = y * paper.width + x
    if (x < 0 || y < 0 || x >= paper.width || y >= paper.height || desk[at]) return
    if ((paper.data[at] ?? 255) > split.threshold) return
    desk[at] = 1
    queue.push(at)
  }
  for (let x = 0; x < paper.width; x++) for (const y of [0, paper.height - 1]) visit(x, y)
  for (let y = 0; y < paper.height; y++) for (const x of [0, paper.width - 1]) visit(x, y)
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const [x, y] = [at % paper.width, Math.floor(at / paper.width)]
    visit(x - 1, y)
    visit(x + 1, y)
    visit(x, y - 1)
    visit(x, y + 1)
  }
  return grow(desk, paper.width)
}

/** The cells at the rim are half desk, half paper. */
function grow(cells: Uint8Array, width: number): Uint8Array {
  return cells.map(
    (cell, at) =>
      cell |
      (cells[at - 1] ?? 0) |
      (cells[at + 1] ?? 0) |
      (cells[at - width] ?? 0) |
      (cells[at + width] ?? 0),
  )
}

/** Otsu's threshold, the mean of both classes, and how much of the variance the split explains (0..1). */
function otsu(values: Uint8Array): { threshold: number; separation: number; dark: number; bright: number } {
  const histogram = new Float64Array(256)
  for (const value of values) histogram[value] = (histogram[value] ?? 0) + 1
  const total = values.length
  const sum = values.reduce((all, value) => all + value, 0)
  const average = sum / total
  const variance = values.reduce((all, value) => all + (value - average) ** 2, 0) / total
  let best = { threshold: 0, separation: 0, dark: average, bright: average }
  let [count, darkSum] = [0, 0]
  for (let value = 0; value < 255; value++) {
    count += histogram[value] ?? 0
    darkSum += value * (histogram[value] ?? 0)
    if (count === 0 || count === total) continue
    const [dark, bright] = [darkSum / count, (sum - darkSum) / (total - count)]
    const between = ((count * (total - count)) / total ** 2) * (bright - dark) ** 2
    const separation = variance === 0 ? 0 : between / variance
    if (separation > best.separation) best = { threshold: value, separation, dark, bright }
  }
  return best
}
