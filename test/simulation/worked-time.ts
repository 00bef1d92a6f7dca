import Holidays from 'date-holidays'

const quarterMs = 15 * 60_000

/** Working minutes of Monday to Friday, 9 to 17, counted one quarter of an hour after the other from what the clock on the wall shows. */
export class WorkedTime {
  readonly #start: number
  readonly #worked: boolean[] = []
  /** How many minutes were worked before each quarter. */
  readonly #before: number[] = []

  constructor(place: { timeZone: string; holidays: string }, from: Date, to: Date) {
    this.#start = from.getTime()
    const shows = new Intl.DateTimeFormat('en-CA', {
      timeZone: place.timeZone,
      dateStyle: 'short',
      timeStyle: 'short',
      hourCycle: 'h23',
    })
    const [country = '', state = ''] = place.holidays.split('-')
    const calendar = new Holidays(country, state, { types: ['public'] })
    const off = new Set(
      [2026, 2027].flatMap((year) => calendar.getHolidays(year).map(({ date }) => date.slice(0, 10))),
    )
    let minutes = 0
    for (let instant = this.#start; instant < to.getTime(); instant += quarterMs) {
      const [date = '', time = ''] = shows.format(instant).split(', ')
      const weekday = new Date(date).getUTCDay()
      const isWorked = weekday > 0 && weekday < 6 && !off.has(date) && time >= '09:00' && time < '17:00'
      this.#worked.push(isWorked)
      this.#before.push(minutes)
      if (isWorked) minutes += 15
    }
  }

  /** Whether somebody works at this instant. */
  isAt(instant: Date): boolean {
    return this.#worked[this.#quarter(instant)] ?? false
  }

  /** How many minutes are worked from one instant to another. */
  between(from: Date, to: Date): number {
    return this.#until(to) - this.#until(from)
  }

  #until(instant: Date): number {
    const quarter = this.#quarter(instant)
    const into = (instant.getTime() - this.#start - quarter * quarterMs) / 60_000
    return (this.#before[quarter] ?? Number.NaN) + (this.isAt(instant) ? into : 0)
  }

  #quarter(instant: Date): number {
    return Math.floor((instant.getTime() - this.#start) / quarterMs)
  }
}
