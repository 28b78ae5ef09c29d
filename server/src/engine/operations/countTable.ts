/** How often, by two words; it only grows. Rows beyond the most are not counted. */
export class CountTable<Row extends string = string, Column extends string = string> {
  readonly #rows = new Map<Row, Map<Column, number>>();
  readonly #mostRows: number;

  constructor(mostRows = 100) {
    this.#mostRows = mostRows;
  }

  add(row: Row, column: Column, count = 1): void {
    const columns = this.#rows.get(row) ?? new Map<Column, number>();
    if (this.#rows.has(row) || this.#rows.size < this.#mostRows) {
      this.#rows.set(row, columns);
      columns.set(column, (columns.get(column) ?? 0) + count);
    }
  }

  get all(): readonly (readonly [row: Row, column: Column, count: number])[] {
    return [...this.#rows].flatMap(([row, columns]) =>
      [...columns].map(([column, count]) => [row, column, count] as const),
    );
  }
}
