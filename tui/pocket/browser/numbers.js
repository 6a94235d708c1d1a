/** Makes the records again that were written as columns. */
function rows(columns) {
  if (Array.isArray(columns)) return columns;
  const cells = Object.entries(columns.keys).map(([key, column]) => [key, rows(column)]);
  let place = -1;
  return columns.there.map((isThere) => {
    if (!isThere) return null;
    place += 1;
    return Object.fromEntries(cells.map(([key, column]) => [key, column[place]]));
  });
}

/** Writes a number with all the digits that tell it from its neighbours, as Python and JSON do. */
function allDigits(number) {
  if (number === 0) return Object.is(number, -0) ? "-0.0" : "0.0";
  const size = Math.abs(number);
  if (size >= 1e16 || size < 1e-4) {
    const [digits, exponent] = number.toExponential().split("e");
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  }
  const text = String(number);
  return Number.isInteger(number) ? `${text}.0` : text;
}
