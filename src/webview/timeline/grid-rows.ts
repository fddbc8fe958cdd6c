/** Which rows of a list are drawn: those in the view and a few around, so that scrolling shows no gaps. */
export function rowsInView(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): readonly [number, number] {
  const first = Math.max(Math.floor(scrollTop / rowHeight) - AROUND, 0);
  const end = Math.min(Math.ceil((scrollTop + height) / rowHeight) + AROUND, count);
  return [Math.min(first, end), end];
}

const AROUND = 8;

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Where a key leads to from a cell, as grids do it; `null`: the key does not move. The answer may lie outside. */
export function gridMove(
  { key, ctrlKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey'>,
  { row, column }: Cell,
  size: { readonly page: number; readonly rows: number; readonly columns: number },
): Cell | null {
  switch (key) {
    case 'ArrowUp':
      return { row: row - 1, column };
    case 'ArrowDown':
      return { row: row + 1, column };
    case 'ArrowLeft':
      return { row, column: column - 1 };
    case 'ArrowRight':
      return { row, column: column + 1 };
    case 'PageUp':
      return { row: row - size.page, column };
    case 'PageDown':
      return { row: row + size.page, column };
    case 'Home':
      return ctrlKey ? { row: 0, column: 0 } : { row, column: 0 };
    case 'End':
      return ctrlKey ? { row: size.rows - 1, column: size.columns - 1 } : { row, column: size.columns - 1 };
    default:
      return null;
  }
}
