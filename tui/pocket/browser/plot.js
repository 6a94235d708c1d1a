/** Draws a plot as an SVG picture: a frame with ticks, an optional field of shades, lines and points. */
class PlotPicture {
  constructor(title) {
    this.picture = shape("svg", { role: "img", viewBox: `0 0 ${PLOT.width} ${PLOT.height}`, class: "plot" });
    this.box = element("figure", {}, element("figcaption", {}, title), this.picture);
  }

  /** `series` are {x, y, colour, marker, line}; `said` is read out in place of the picture. */
  draw({ series, field = null, xLabel, yLabel, xLimits, yLimits, log = false }, said) {
    const x = scale(xLimits, PLOT.left, PLOT.width - PLOT.right, false);
    const y = scale(yLimits, PLOT.height - PLOT.bottom, PLOT.top, log);
    const clip = shape("g", { class: "inside" }, ...(field ? shades(field) : []), ...series.flatMap((one) => drawn(one, x, y)));
    this.picture.setAttribute("aria-label", said);
    this.picture.replaceChildren(
      shape("svg", { x: PLOT.left, y: PLOT.top, width: PLOT.width - PLOT.left - PLOT.right, height: PLOT.height - PLOT.top - PLOT.bottom, viewBox: `${PLOT.left} ${PLOT.top} ${PLOT.width - PLOT.left - PLOT.right} ${PLOT.height - PLOT.top - PLOT.bottom}` }, clip),
      shape("rect", { class: "frame", x: PLOT.left, y: PLOT.top, width: PLOT.width - PLOT.left - PLOT.right, height: PLOT.height - PLOT.top - PLOT.bottom }),
      ...ticks(xLimits, false).map((tick) => written(text(tick), { x: x(tick), y: PLOT.height - PLOT.bottom + 15, "text-anchor": "middle" })),
      ...ticks(yLimits, log).map((tick) => written(text(tick), { x: PLOT.left - 6, y: y(tick) + 4, "text-anchor": "end" })),
      written(xLabel, { x: PLOT.width - PLOT.right, y: PLOT.height - 4, "text-anchor": "end", class: "axis" }),
      written(yLabel, { x: 4, y: PLOT.top - 6, class: "axis" }),
    );
  }
}

const PLOT = { width: 480, height: 300, left: 62, right: 14, top: 20, bottom: 38 };

function written(words, attributes) {
  const made = shape("text", attributes);
  made.textContent = words;
  return made;
}

/** Pixels from which on it no longer matters how far outside something is. */
const FAR = 1e5;

/** Maps numbers between two limits to pixels. */
function scale([low, high], from, to, log) {
  const of = log ? (number) => Math.log10(Math.max(number, low)) : (number) => number;
  return (number) => Math.max(-FAR, Math.min(FAR, from + ((of(number) - of(low)) / (of(high) - of(low))) * (to - from)));
}

/** Round numbers between two limits, at most six or so. */
function ticks([low, high], log) {
  if (log) {
    const first = Math.ceil(Math.log10(low) - 1e-9);
    const last = Math.floor(Math.log10(high) + 1e-9);
    const every = Math.max(1, Math.ceil((last - first) / 5));
    return Array.from({ length: Math.max(0, Math.floor((last - first) / every) + 1) }, (_, place) => 10 ** (first + every * place));
  }
  const rough = (high - low) / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((times) => times * unit >= rough);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}

function text(number) {
  return Math.abs(number) >= 1e5 || (number && Math.abs(number) < 1e-3) ? number.toExponential(0) : String(number);
}

/** The shades of a field: a rectangle for each cell, in one of two colours, as strong as it is near to it. */
function shades({ rows, low, high }) {
  const width = (PLOT.width - PLOT.left - PLOT.right) / rows[0].length;
  const height = (PLOT.height - PLOT.top - PLOT.bottom) / rows.length;
  return rows.flatMap((row, upwards) => [...row].map((digit, along) => {
    if (digit === " ") return shape("g");
    const level = parseInt(digit, 36) / 35;
    const [kind, strength] = low.startsWith("region") ? [level < 0.5 ? low : high, 0.1 + 0.5 * Math.abs(level - 0.5)] : [high, 0.75 * level];
    return shape("rect", { class: `shade plot-${kind}`, x: PLOT.left + along * width, y: PLOT.height - PLOT.bottom - (upwards + 1) * height, width, height, "fill-opacity": strength.toFixed(2) });
  }));
}

/** A line, in pieces where there are gaps; or marks. */
function drawn({ x: xs, y: ys, colour, marker, line }, x, y) {
  const points = xs.map((number, place) => (number === null || ys[place] === null ? null : [x(number), y(ys[place])]));
  if (!line) return points.filter(Boolean).map(([left, top]) => mark(marker, left, top, colour));
  const path = points.map((point, place) => (point ? `${place && points[place - 1] ? "L" : "M"}${point[0].toFixed(1)} ${point[1].toFixed(1)}` : "")).join("");
  return [shape("path", { class: `drawn plot-${colour}`, d: path })];
}

function mark(marker, x, y, colour) {
  const [left, top] = [x.toFixed(1), y.toFixed(1)];
  if (marker === "▲") return shape("path", { class: `mark plot-${colour}`, d: `M${left} ${(y - 5).toFixed(1)}l5 9h-10Z` });
  return shape("circle", { class: `mark plot-${colour}`, cx: left, cy: top, r: marker === "•" ? 2.5 : 4.5 });
}
