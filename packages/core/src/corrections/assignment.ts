/**
 * Which row of one list belongs to which of another, so that the sum of the pairs' weights is as large as it can be (the assignment problem, solved with potentials in
 * the manner of Kuhn and Munkres). `weight(a, b)` is 0 or more; every row of the shorter list has a partner. Returns pairs of indexes, ascending by the first.
 */
export function bestPairs(aCount: number, bCount: number, weight: (a: number, b: number) => number): [a: number, b: number][] {
  if (aCount > bCount)
    return bestPairs(bCount, aCount, (b, a) => weight(a, b))
      .map(([b, a]): [number, number] => [a, b])
      .sort(byFirst);
  // Rows and columns count from 1: column 0 is where a search for a row's partner starts.
  const costs = Array.from({ length: aCount }, (_, a) => Float64Array.from({ length: bCount }, (_each, b) => -weight(a, b)));
  const rowPotential = new Float64Array(aCount + 1);
  const columnPotential = new Float64Array(bCount + 1);
  const rowOf = new Int32Array(bCount + 1);
  for (let row = 1; row <= aCount; row++) {
    const cameFrom = new Int32Array(bCount + 1);
    const slack = new Float64Array(bCount + 1).fill(Infinity);
    const visited = new Uint8Array(bCount + 1);
    let column = 0;
    rowOf[0] = row;
    do {
      visited[column] = 1;
      const current = at(rowOf, column);
      let delta = Infinity;
      let next = 0;
      for (let other = 1; other <= bCount; other++) {
        if (at(visited, other) === 1) continue;
        const cost = (costs[current - 1]?.[other - 1] ?? 0) - at(rowPotential, current) - at(columnPotential, other);
        if (cost < at(slack, other)) {
          slack[other] = cost;
          cameFrom[other] = column;
        }
        if (at(slack, other) < delta) {
          delta = at(slack, other);
          next = other;
        }
      }
      for (let other = 0; other <= bCount; other++) {
        if (at(visited, other) === 1) {
          rowPotential[at(rowOf, other)] = at(rowPotential, at(rowOf, other)) + delta;
          columnPotential[other] = at(columnPotential, other) - delta;
        } else slack[other] = at(slack, other) - delta;
      }
      column = next;
    } while (at(rowOf, column) !== 0);
    while (column !== 0) {
      const previous = at(cameFrom, column);
      rowOf[column] = at(rowOf, previous);
      column = previous;
    }
  }
  return [...rowOf.entries()]
    .flatMap(([column, row]): [number, number][] => (column === 0 || row === 0 ? [] : [[row - 1, column - 1]]))
    .sort(byFirst);
}

const byFirst = ([a]: [number, number], [b]: [number, number]): number => a - b;

function at(numbers: Float64Array | Int32Array | Uint8Array, index: number): number {
  return numbers[index] ?? 0;
}
