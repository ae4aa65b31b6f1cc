/** Works on items while more are read, and gives the results in the items' order. */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Result | Promise<Result>,
  aheadMax: number,
): AsyncGenerator<Result> {
  const ahead: Promise<Result>[] = [];
  for await (const item of items) {
    const result = Promise.resolve(work(item));
    // It is thrown in its turn; until then it is not unhandled.
    result.catch(() => {});
    ahead.push(result);
    if (ahead.length > aheadMax) yield await ahead.shift()!;
  }
  for (const result of ahead) yield await result;
}
