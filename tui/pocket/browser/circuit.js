/** The circuit: from the left to the right boxes for nodes and wires for operands, as an SVG picture. */
class CircuitView {
  constructor(player) {
    this.player = player;
    /** Whether neurons, layers, samples and expressions are one box each but where the walk is. */
    this.isGathered = player.walk.circuits.gathered.length > 0;
    /** How large the picture is; null until it is first seen, and as large as there is room for then. */
    this.zoom = null;
    this.plan = null;
    this.heads = shape("g");
    this.labels = shape("g");
    this.picture = shape("svg", { role: "img" });
    this.box = element("div", { class: "view circuit-view", role: "group", tabindex: 0, "aria-label": player.words.circuit }, this.picture);
  }

  /** Draws the boxes and wires of a plan; what is in them comes with the step. */
  lay(plan) {
    if (this.plan === plan) return;
    this.plan = plan;
    this.wires = plan.wires.map(({ points }) => shape("polyline", { class: "wire", points: points.map((point) => point.join(",")).join(" ") }));
    this.boxes = plan.boxes.map((box, place) => this.made(box, place));
    this.picture.replaceChildren(shape("g", {}, ...this.wires), this.heads, ...this.boxes.map((box) => box.box), this.labels);
    this.picture.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${plan.width + 2 * MARGIN} ${plan.height + 2 * MARGIN}`);
    this.order = plan.boxes.map((_, place) => place).sort((one, other) => plan.boxes[one].x - plan.boxes[other].x || plan.boxes[one].y - plan.boxes[other].y);
    if (this.zoom !== null) this.resize(this.zoom);
  }

  made({ x, y, width, height, head, title, count }, place) {
    const name = title ?? this.player.walk.names[head];
    const most = Math.round(width / 8) - 2;
    const words = [name.length > most ? `${name.slice(0, most - 1)}…` : name, ...(count ? [count] : [])];
    const lines = [...words, ...(head >= 0 ? ["", ""] : [])].map((words, at, all) => {
      const line = shape("text", { x: 8, y: height / 2 + 18 * at - 9 * all.length + 14, class: at === 0 ? "title" : "" });
      line.textContent = words;
      return line;
    });
    const tip = shape("title");
    tip.textContent = name;
    const node = head >= 0 ? head : this.firstIn(place);
    const box = shape("g", { class: count ? "box group" : "box", "data-node": head >= 0 ? head : null, transform: `translate(${x} ${y})`, onclick: () => this.player.choose(node, this.player.selected === node) },
      shape("rect", { width, height, rx: 6 }), ...lines, tip);
    const [value, gradient] = head >= 0 ? lines.slice(-2) : [];
    return { box, value, gradient, counted: count ? lines[1] : null, count, head, node };
  }

  boxOf(node) {
    return this.plan.of_node ? this.plan.of_node[node] : node;
  }

  firstIn(place) {
    return Math.max(0, this.plan.of_node.indexOf(place));
  }

  /** Draws what is known after so many steps. */
  show(cursor) {
    const { player } = this;
    const { walk } = player;
    const step = player.stepInPlay;
    const at = step ? step.number : 0;
    this.lay(walk.circuits.plans[this.isGathered ? walk.circuits.gathered[at] : 0]);
    const active = step ? this.boxOf(step.node) : -1;
    const consumer = step?.factor ? this.boxOf(step.factor.consumer) : -1;
    const chosen = player.selected === null ? -1 : this.boxOf(player.selected);
    this.boxes.forEach(({ box, value, gradient, counted, count, head }, place) => {
      if (head >= 0) {
        fill(value, walk.value(head, cursor), "value", player.full);
        fill(gradient, walk.gradient(head, cursor), "contribution", player.full);
        gradient.textContent = `∂ ${gradient.textContent}`;
      }
      if (counted) counted.textContent = place === active ? `▷ ${walk.nodes[step.node].name}` : count;
      box.classList.toggle("active", place === active);
      box.classList.toggle("consumer", place === consumer && place !== active);
      box.classList.toggle("chosen", place === chosen);
    });
    const inPlay = step ? this.wiresOf(step) : [];
    this.wires.forEach((wire, place) => wire.classList.toggle("active", inPlay.includes(place)));
    this.drawHeads(cursor, inPlay);
    this.drawLabels(player.predict.asked ? null : step, inPlay);
    this.picture.setAttribute("aria-label", walk.moments[cursor].aloud.join(" ") || walk.moments[cursor].position);
    this.fit();
    const shown = player.selectedLast && chosen >= 0 ? [chosen] : step ? [consumer, active] : [this.boxOf(walk.output)];
    for (const place of shown) if (place >= 0) keepInView(this.box, this.boxes[place].box);
  }

  /** The wires that a step runs along, by their places; none within a box. */
  wiresOf({ node, phase, factor }) {
    const { wires, boxes } = this.plan;
    const target = this.boxOf(factor ? factor.consumer : node);
    const isNode = !boxes[target].count;
    if (!factor) return phase === "forward" && isNode ? wires.flatMap((wire, place) => (wire.target === target ? [place] : [])) : [];
    const source = this.boxOf(node);
    const between = wires.flatMap((wire, place) => (wire.target === target && wire.source === source ? [place] : []));
    const exact = isNode ? between.filter((place) => wires[place].positions.includes(factor.operand_position)) : [];
    return (exact.length ? exact : between).slice(0, 1);
  }

  /** Draws the heads of the arrows: where wires end, and in the backward pass where they start. */
  drawHeads(cursor, inPlay) {
    const back = cursor >= this.player.walk.seed;
    const heads = this.plan.wires.map(({ points }, place) => {
      const [x, y] = back ? points[0] : points[points.length - 1];
      const base = back ? x + 8 : x - 8;
      return shape("path", { class: inPlay.includes(place) ? "head active" : "head", d: `M${x} ${y}L${base} ${y - 4}L${base} ${y + 4}Z` });
    });
    this.heads.replaceChildren(...heads);
  }

  /** Writes the local derivative above the wire that brings a contribution, and the upstream gradient below it. */
  drawLabels(step, inPlay) {
    this.labels.replaceChildren();
    if (!step?.factor || !inPlay.length) return;
    const [x, y] = this.plan.wires[inPlay[0]].points.at(-1);
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
    const here = this.player.selected === null ? (places > 0 ? -1 : 0) : this.order.indexOf(this.boxOf(this.player.selected));
    this.player.choose(this.boxes[this.order[Math.max(0, Math.min(here + places, this.order.length - 1))]].node);
  }

  /** Shows all nodes, or gathers them again. */
  fold() {
    if (!this.player.walk.circuits.gathered.length) return;
    this.isGathered = !this.isGathered;
    this.player.show();
  }

  /** Makes the picture larger or smaller. */
  scale(factor) {
    if (this.zoom === null) return;
    this.resize(Math.max(0.2, Math.min(2, this.zoom * factor)));
    this.show(this.player.cursor);
  }

  /** Makes the picture as wide as there is room for, where it can still be read then. */
  fit() {
    if (this.zoom !== null || !this.box.clientWidth) return;
    this.resize(Math.max(0.7, Math.min(1.1, this.box.clientWidth / (this.plan.width + 2 * MARGIN))));
  }

  resize(zoom) {
    this.zoom = zoom;
    this.picture.setAttribute("width", (this.plan.width + 2 * MARGIN) * zoom);
    this.picture.setAttribute("height", (this.plan.height + 2 * MARGIN) * zoom);
  }
}

const MARGIN = 16;
