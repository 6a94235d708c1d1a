/** The circuit: from the left to the right a box for each node and a wire for each operand, as an SVG picture. */
class CircuitView {
  constructor(player) {
    this.player = player;
    const { circuit } = player.walk;
    /** How large the picture is; null until it is first seen, and as large as there is room for then. */
    this.zoom = null;
    this.wires = circuit.wires.map(({ points }) => shape("polyline", { class: "wire", points: points.map((point) => point.join(",")).join(" ") }));
    this.boxes = circuit.boxes.map((box, node) => this.made(box, node));
    this.heads = shape("g", { class: "heads" });
    this.labels = shape("g", { class: "labels" });
    const width = circuit.width + 2 * MARGIN;
    const height = circuit.height + 2 * MARGIN;
    this.picture = shape("svg", { role: "img", viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}`, width, height },
      shape("g", {}, ...this.wires), this.heads, ...this.boxes.map((box) => box.box), this.labels);
    this.box = element("div", { class: "view circuit-view", role: "group", tabindex: 0, "aria-label": player.words.circuit }, this.picture);
    this.order = circuit.boxes.map((_, node) => node).sort((one, other) => circuit.boxes[one][0] - circuit.boxes[other][0] || circuit.boxes[one][1] - circuit.boxes[other][1]);
  }

  made([x, y, width, height], node) {
    const line = (place, style) => shape("text", { x: 8, y: height / 2 + 18 * place - 13, class: style });
    const name = line(0, "title");
    const text = this.player.walk.names[node];
    const most = Math.round(width / 8) - 2;
    name.textContent = text.length > most ? `${text.slice(0, most - 1)}…` : text;
    const value = line(1, "number");
    const gradient = line(2, "number");
    const tip = shape("title");
    tip.textContent = text;
    const box = shape("g", { class: "box", "data-node": node, transform: `translate(${x} ${y})`, onclick: () => this.player.choose(node, this.player.selected === node) },
      shape("rect", { width, height, rx: 6 }), name, value, gradient, tip);
    return { box, value, gradient };
  }

  /** Draws what is known after so many steps. */
  show(cursor) {
    const { player } = this;
    const { walk } = player;
    const step = player.stepInPlay;
    const consumer = step?.factor ? step.factor.consumer : -1;
    this.boxes.forEach(({ box, value, gradient }, node) => {
      fill(value, walk.value(node, cursor), "value", player.full);
      const found = walk.gradient(node, cursor);
      fill(gradient, found, "contribution", player.full);
      gradient.textContent = `∂ ${gradient.textContent}`;
      box.classList.toggle("active", step !== null && step.node === node);
      box.classList.toggle("consumer", node === consumer);
      box.classList.toggle("chosen", player.selected === node);
    });
    const active = new Set(step ? walk.wires(step.number) : []);
    this.wires.forEach((wire, place) => wire.classList.toggle("active", active.has(place)));
    this.drawHeads(cursor, active);
    this.drawLabels(player.predict.asked ? null : step);
    this.picture.setAttribute("aria-label", walk.moments[cursor].aloud.join(" "));
    this.fit();
    const shown = player.selectedLast && player.selected !== null ? [player.selected] : step ? [step.node, ...(consumer >= 0 ? [consumer] : [])] : [walk.output];
    for (const node of shown.reverse()) keepInView(this.box, this.boxes[node].box);
  }

  /** Draws the heads of the arrows: where wires end, and in the backward pass where they start. */
  drawHeads(cursor, active) {
    const back = cursor >= this.player.walk.seed;
    const heads = this.player.walk.circuit.wires.map(({ points }, place) => {
      const [x, y] = back ? points[0] : points[points.length - 1];
      const base = back ? x + 8 : x - 8;
      return shape("path", { class: active.has(place) ? "head active" : "head", d: `M${x} ${y}L${base} ${y - 4}L${base} ${y + 4}Z` });
    });
    this.heads.replaceChildren(...heads);
  }

  /** Writes the local derivative above the wire that brings a contribution, and the upstream gradient below it. */
  drawLabels(step) {
    this.labels.replaceChildren();
    if (!step?.factor) return;
    const [place] = this.player.walk.wires(step.number);
    const [x, y] = this.player.walk.circuit.wires[place].points.at(-1);
    const { factor } = step;
    const put = (text, style, below) => {
      const label = shape("text", { class: `wire-label ${style}`, x: x - 6, y: y + (below ? 15 : -7), "text-anchor": "end" });
      label.textContent = text;
      this.labels.append(label);
    };
    put(factor.local_text, "local", false);
    put(this.player.walk.gradient(factor.consumer, step.number).text.replace(/ \(.*/, ""), "upstream", true);
  }

  /** Selects the box so many places further on, layer by layer. */
  move(places) {
    const here = this.player.selected === null ? (places > 0 ? -1 : 0) : this.order.indexOf(this.player.selected);
    this.player.choose(this.order[Math.max(0, Math.min(here + places, this.order.length - 1))]);
  }

  /** Makes the picture larger or smaller. */
  scale(factor) {
    this.resize(Math.max(0.2, Math.min(2, this.zoom * factor)));
    this.show(this.player.cursor);
  }

  /** Makes the picture as wide as there is room for, where it can still be read then. */
  fit() {
    if (this.zoom !== null || !this.box.clientWidth) return;
    this.resize(Math.max(0.7, Math.min(1.1, this.box.clientWidth / (this.player.walk.circuit.width + 2 * MARGIN))));
  }

  resize(zoom) {
    const { circuit } = this.player.walk;
    this.zoom = zoom;
    this.picture.setAttribute("width", (circuit.width + 2 * MARGIN) * zoom);
    this.picture.setAttribute("height", (circuit.height + 2 * MARGIN) * zoom);
  }

  fold() {}
}

const MARGIN = 16;
