/** A file of orders, a few of which are none. */
export function sample(rows) {
  const lines = ['id,day,item,cents'];
  for (let i = 1; i <= rows; i++) {
    const day = `2026-01-${String((i % 31) + 1).padStart(2, '0')}`;
    lines.push(i % 333 === 0 ? `o-${i},${day},tea,none` : `o-${i},${day},tea,${100 + (i % 900)}`);
  }
  return `${lines.join('\n')}\n`;
}
