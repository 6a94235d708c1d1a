/** The tree: the output at its root, the operands of each node below it; a table whose rows can be folded. */
class TreeView {
  constructor(player) {
    this.player = player;
    const { walk, words } = player;
    /** Rows whose branch is one thing and opens while the walk is in it, and those among them that are open for that. */
    this.gathered = new Set(walk.rows.flatMap(([, , , , , isGathered], place) => (isGathered ? [place] : [])));
    this.opened = [];
    this.folded = new Set(this.gathered);
    this.row = this.homeOf(walk.output);
    const titles = [words.node, words.value, walk.derivative];
    const head = element("thead", {}, element("tr", { role: "row" }, ...titles.map((title) => element("th", { role: "columnheader", scope: "col" }, title))));
    this.body = element("tbody", { role: "rowgroup" });
    this.rows = walk.rows.map((row, place) => this.made(row, place));
    this.body.append(...this.rows.map((row) => row.row));
    this.refold();
    this.table = element("table", { role: "treegrid", class: "tree", "aria-label": words.tree, tabindex: 0 }, head, this.body);
    this.box = element("div", { class: "view tree-view" }, this.table);
    head.setAttribute("role", "rowgroup");
  }

  made([node, depth, end, home, own, , isArray], place) {
    const { words, walk } = this.player;
    const text = own ?? walk.names[node];
    const isReference = home !== place && !isArray;
    const isBranch = end > place + 1;
    const marker = element("span", { class: "marker", "aria-hidden": "true" }, isBranch ? "▾" : isReference ? "↗" : "");
    if (isBranch) marker.addEventListener("click", (event) => { event.stopPropagation(); this.row = place; this.fold(); });
    const play = element("span", { class: "play-mark", "aria-hidden": "true" });
    const label = element("td", { role: "gridcell", class: "node", style: `--depth: ${depth}`, title: text }, play, marker, element("span", { class: "text" }, text));
    if (isReference) label.append(element("span", { class: "for-ear" }, ` ${words.reference}`));
    const value = element("td", { role: "gridcell", class: "number" });
    const gradient = element("td", { role: "gridcell", class: "number" });
    const row = element("tr", {
      role: "row", id: `row-${place}`, "data-node": isArray ? null : node, "aria-level": depth + 1,
      "aria-expanded": isBranch ? "true" : null, onclick: () => this.click(place, node),
    }, label, value, gradient);
    return { row, value, gradient, marker, play };
  }

  click(place, node) {
    const again = this.row === place && this.player.selected === node;
    this.row = place;
    this.player.choose(node, again);
  }

  /** Draws what is known after so many steps. */
  show(cursor) {
    const { walk, player } = this;
    const step = player.stepInPlay;
    const consumer = step?.factor ? step.factor.consumer : -1;
    let inPlay = null;
    player.walk.rows.forEach(([node, , , home, , , isArray], place) => {
      const { row, value, gradient, play } = this.rows[place];
      row.setAttribute("aria-selected", String(player.selected === node && place === this.row));
      if (isArray) return;
      fill(value, player.walk.value(node, cursor), "value", player.full);
      fill(gradient, player.walk.gradient(node, cursor), "contribution", player.full);
      const active = step !== null && step.node === node;
      play.textContent = active ? "▶" : node === consumer && home === place ? "●" : "";
      row.classList.toggle("active", active);
      row.classList.toggle("consumer", node === consumer);
      if (active && (home === place || inPlay === null)) inPlay = place;
    });
    if (player.selected !== null && player.walk.rows[this.row][0] !== player.selected) this.selectHome(player.selected);
    this.table.toggleAttribute("aria-activedescendant", false);
    if (player.selected !== null) this.table.setAttribute("aria-activedescendant", `row-${this.row}`);
    this.openFor(inPlay ?? -1);
    if (inPlay !== null) this.reveal(inPlay);
    const shown = player.selectedLast ? this.row : inPlay;
    if (shown !== null) keepInView(this.box, this.rows[shown].row);
  }

  /** The row where a node expands. */
  homeOf(node) {
    return this.player.walk.rows.find(([other]) => other === node)[3];
  }

  selectHome(node) {
    this.rows[this.row].row.setAttribute("aria-selected", "false");
    this.row = this.homeOf(node);
    this.reveal(this.row);
    this.rows[this.row].row.setAttribute("aria-selected", "true");
  }

  /** Selects the row so many rows further down among those in sight. */
  move(places) {
    const inSight = this.player.walk.rows.map((_, place) => place).filter((place) => !this.rows[place].row.hidden);
    const here = this.player.selected === null ? (places > 0 ? -1 : 0) : Math.max(0, inSight.indexOf(this.row));
    this.row = inSight[Math.max(0, Math.min(here + places, inSight.length - 1))];
    this.player.choose(this.player.walk.rows[this.row][0]);
  }

  fold() {
    const [, , end] = this.player.walk.rows[this.row];
    if (end <= this.row + 1) return;
    this.gathered.delete(this.row);
    this.opened = this.opened.filter((row) => row !== this.row);
    if (!this.folded.delete(this.row)) this.folded.add(this.row);
    this.refold();
  }

  /** Opens what is gathered around a row (-1: none), and closes what was open for the one before. */
  openFor(place) {
    const around = [...this.gathered].filter((row) => this.isBelow(place, row));
    for (const row of this.opened) this.folded.add(row);
    for (const row of around) this.folded.delete(row);
    const isSame = around.length === this.opened.length && around.every((row, at) => row === this.opened[at]);
    this.opened = around;
    if (!isSame) this.refold();
  }

  /** Whether a row is a branch itself or below it. */
  isBelow(place, branch) {
    return branch <= place && place < this.player.walk.rows[branch][2];
  }

  /** Unfolds what hides a row; that no longer folds by itself. */
  reveal(place) {
    if (!this.rows[place].row.hidden) return;
    for (const row of [...this.folded].filter((folded) => folded !== place && this.isBelow(place, folded))) {
      this.folded.delete(row);
      this.gathered.delete(row);
    }
    this.refold();
  }

  refold() {
    let hiddenUntil = 0;
    this.player.walk.rows.forEach(([, , end], place) => {
      const { row, marker } = this.rows[place];
      row.hidden = place < hiddenUntil;
      if (end <= place + 1) return;
      const isFolded = this.folded.has(place);
      row.setAttribute("aria-expanded", String(!isFolded));
      marker.textContent = isFolded ? "▸" : "▾";
      if (isFolded) hiddenUntil = Math.max(hiddenUntil, end);
    });
  }
}

/** Puts a number into a cell: as it is read with ease or in full; the whole number stands in `data-number`. */
function fill(cell, found, style, full) {
  const whole = found.number === null ? null : allDigits(found.number);
  const count = found.text.match(/ \(\d+\/\d+\)$/)?.[0] ?? "";
  const text = full && whole !== null ? whole + count : found.text;
  if (cell.textContent !== text) cell.textContent = text;
  if (whole === null) cell.removeAttribute("data-number");
  else cell.setAttribute("data-number", whole);
  const kind = found.unknown ? "unknown" : found.number === null && !/^-?\d/.test(found.text) ? "undefined" : style;
  cell.classList.remove("unknown", "undefined", "value", "contribution");
  cell.classList.add(kind);
}

/** Scrolls a box, and nothing around it, until something in it is seen. */
function keepInView(box, shown) {
  const outer = box.getBoundingClientRect();
  const inner = shown.getBoundingClientRect();
  const margin = Math.min(40, outer.height / 4);
  if (inner.top < outer.top + margin) box.scrollTop += inner.top - outer.top - margin;
  else if (inner.bottom > outer.bottom - margin) box.scrollTop += inner.bottom - outer.bottom + margin;
  if (inner.left < outer.left) box.scrollLeft += inner.left - outer.left - margin;
  else if (inner.right > outer.right && inner.width < outer.width) box.scrollLeft += inner.right - outer.right + margin;
}
