/** Groups a list by what `of` says of each; in the order in which the groups begin. */
export function group(list, of) {
  const groups = new Map();
  for (const one of list) {
    const name = of(one);
    if (groups.has(name)) groups.get(name).push(one);
    else groups.set(name, [one]);
  }
  return [...groups.values()];
}
