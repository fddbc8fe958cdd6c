import type { Expression, LiveCount } from './syntax-tree.ts';

/** What an expression wants counted. */
export function liveCountsIn(expression: Expression): readonly LiveCount[] {
  switch (expression.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'call':
      return [expression.call];
    case 'unary':
      return liveCountsIn(expression.operand);
    case 'binary':
      return [...liveCountsIn(expression.left), ...liveCountsIn(expression.right)];
    case 'in':
      return [expression.value, expression.low, expression.high].flatMap(liveCountsIn);
  }
}
