/** A walk: what is known after each of its steps. All of it is computed already; nothing is computed here. */
class Walk {
  constructor(data, words) {
    Object.assign(this, data);
    this.words = words;
    this.nodes = rows(this.nodes);
    this.steps = [null, ...rows(this.steps).map((step, place) => ({ number: place + 1, ...step }))];
    this.total = this.steps.length - 1;
    this.moments = this.moments.map(([position, lines, aloud, cell, asked]) => ({ position, lines, aloud, cell, asked: this.asked(lines, asked) }));
    this.nodeOf = new Map(this.nodes.map((node, place) => [node.name, place]));
    /** The steps that write the value of each node, and those that write its gradient. */
    this.values = this.nodes.map(() => []);
    this.gradients = this.nodes.map(() => []);
    for (const step of this.steps.slice(1)) this.written(step).push(step.number);
    this.seed = this.steps.slice(1).find((step) => step.phase === "seed")?.number ?? this.total + 1;
    this.names = this.nodes.map((node) => (node.op ? `${node.name} = ${node.expression}` : node.name));
    this.circuits = inPixels(this.circuits);
  }

  /** What is asked of a step: its questions, and what is said before at each level; lines may be those of the step. */
  asked(lines, asked) {
    if (!asked) return null;
    const [questions, heads] = asked;
    return {
      questions: questions.map(([kind, levels, ask, prompt, hints, solution, right, noise, explanations, sides]) => ({ kind, levels, ask, prompt, hints, solution, right, noise, explanations, sides })),
      heads: heads.map((head) => head.map((line) => (typeof line === "number" ? [["", ""], lines[line][1]] : line))),
    };
  }

  /** The list of the steps that write the same number as a step. */
  written(step) {
    const writesValue = step.phase === "forward" || step.phase === "update";
    return (writesValue ? this.values : this.gradients)[step.node];
  }

  /** The value of a node after so many steps: {text, number, step}; number is null where it is unknown or undefined. */
  value(node, cursor) {
    const step = lastUpTo(this.values[node], cursor);
    if (step) return { text: this.moments[step].cell, number: this.steps[step].value, step };
    if (this.leaves[node]) return { text: this.leaves[node][1], number: this.leaves[node][0], step: 0 };
    return { text: "?", number: null, step: 0, unknown: true };
  }

  /** The gradient of a node as accumulated after so many steps, in the same form. */
  gradient(node, cursor) {
    if (!this.nodes[node].carries_gradient) return { text: "–", number: null, step: 0, unknown: true };
    const step = lastUpTo(this.gradients[node], cursor);
    if (step) return { text: this.moments[step].cell, number: this.gradientAfter(this.steps[step]), step };
    if (cursor >= this.seed && this.unused[node] !== undefined)
      return { text: this.unused[node][1], number: this.unused[node][0], step: 0 };
    return { text: "?", number: null, step: 0, unknown: true };
  }

  gradientAfter(step) {
    return step.factor ? step.factor.after : step.value;
  }

  /** The step after all steps of the node that is written next, or before those of the one written last. */
  nextNode(cursor) {
    const node = this.steps[Math.min(cursor + 1, this.total)]?.node;
    let next = Math.min(cursor + 1, this.total);
    while (next < this.total && this.steps[next + 1].node === node && this.steps[next + 1].phase === this.steps[next].phase) next++;
    return next;
  }

  previousNode(cursor) {
    let before = Math.max(cursor - 1, 0);
    while (before > 0 && this.steps[before].node === this.steps[before + 1].node && this.steps[before].phase === this.steps[before + 1].phase) before--;
    return before;
  }

  nextPhase(cursor) {
    return cursor < this.seed && this.seed <= this.total ? this.seed : this.total;
  }

  previousPhase(cursor) {
    return cursor > this.seed ? this.seed : 0;
  }

  /** The next step that writes a node, from the start again after the last; 0 where there is none. */
  nextWrite(node, cursor) {
    const steps = [...this.values[node], ...this.gradients[node]].sort((one, other) => one - other);
    return steps.find((step) => step > cursor) ?? steps[0] ?? 0;
  }
}

/** Circuits in pixels. */
function inPixels({ unit, plans, gathered }) {
  const scaled = (numbers) => numbers.map((number) => unit * number);
  const box = ([x, y, width, height, head, title, count]) => {
    const [left, top, wide, high] = scaled([x, y, width, height]);
    return { x: left, y: top, width: wide, height: high, head, title, count };
  };
  const wire = ([source, target, positions, points]) => ({ source, target, positions, points: points.map(scaled) });
  return {
    gathered,
    plans: plans.map(({ width, height, boxes, wires, of_node }) => ({ width: unit * width, height: unit * height, boxes: boxes.map(box), wires: wires.map(wire), of_node })),
  };
}

/** The last number of an ascending list that is at most `most`; 0 where there is none. */
function lastUpTo(numbers, most) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= most) low = middle + 1;
    else high = middle;
  }
  return low ? numbers[low - 1] : 0;
}
