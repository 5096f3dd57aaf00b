/** Sums by key; what nothing was added to is 0. */
export class Tally<Key> {
  readonly #sums: Map<Key, number>

  constructor(sums: Iterable<readonly [Key, number]> = []) {
    this.#sums = new Map(sums)
  }

  of(key: Key): number {
    return this.#sums.get(key) ?? 0
  }

  add(key: Key, amount: number): void {
    this.#sums.set(key, this.of(key) + amount)
  }

  keys(): IterableIterator<Key> {
    return this.#sums.keys()
  }
}
