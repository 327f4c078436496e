/** cart_abandonment_rate: Cart abandonment rate */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** `all` is the whole shop; `country=DE` is country DE. */
export const segmentText = (segment: string): string =>
  segment === 'all' ? 'whole shop' : segment.replaceAll('_', ' ').replaceAll('=', ' ')

/** 1 receiver, 2 receivers */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : several}`
