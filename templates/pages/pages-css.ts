/** The one style sheet of every page, served as `/pages.css`. */
export const pagesCss = ''
