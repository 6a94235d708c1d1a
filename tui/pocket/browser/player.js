/** What is looked at: a walk, how many of its steps were taken, a selected node; everything on the page follows it. */
class Player {
  constructor(data) {
    this.words = data.words;
    this.walk = new Walk(data.walk, data.words);
    this.cursor = 0;
    this.selected = null;
    /** Whether a node was selected after the last step, so that its row is the one to be seen. */
    this.selectedLast = false;
    this.full = false;
    this.timer = null;
    this.views = { tree: new TreeView(this), circuit: new CircuitView(this) };
    this.view = this.views.tree;
    this.panel = new StepPanel(this);
    this.predict = new Predict(this, data.levels);
    this.controls = this.madeControls();
    this.graph = element("section", { class: "graph", "aria-label": this.words.graph });
    this.help = this.madeHelp();
    this.box = element("div", { class: "player" }, this.controls, this.graph, element("div", { class: "beside" }, this.predict.bar, this.predict.told, this.predict.box, this.panel.box), this.help);
    document.addEventListener("keydown", (event) => {
      if (takeKey(this, event)) event.preventDefault();
    });
  }

  madeControls() {
    const { words } = this;
    this.buttons = {
      start: button(words.start, "Home", () => this.back(0)),
      back: button(words.back, "←", () => this.step(-1)),
      forward: button(words.forward, "→", () => this.step(1), { class: "main" }),
      end: button(words.end, "End", () => this.forward(this.walk.total)),
      play: button(words.play, "space", () => this.togglePlay()),
      view: button(words.circuit, "v", () => this.toggleView()),
      gather: button(words.gather, "o", () => this.views.circuit.fold()),
      smaller: button("−", "I", () => this.views.circuit.scale(0.8), { "aria-label": words.smaller }),
      larger: button("+", "i", () => this.views.circuit.scale(1.25), { "aria-label": words.larger }),
      digits: button(words.digits, "D", () => this.toggleDigits(), { "aria-pressed": "false" }),
      predict: button(words.predict, "P", () => this.predict.toggle(), { "aria-pressed": "false" }),
      theme: button(words.dark, "", () => this.toggleTheme()),
      keys: button(words.keys, "?", () => this.showKeys()),
    };
    const { start, back, forward, end, play, view, gather, smaller, larger, digits, predict, theme, keys } = this.buttons;
    this.slider = element("input", { type: "range", min: 0, max: this.walk.total, value: 0, "aria-label": words.step, oninput: () => this.slide() });
    this.nameTheme();
    return element("div", { class: "controls" },
      element("div", { role: "group", class: "moving", "aria-label": words.moving }, start, back, forward, end, play, this.slider),
      element("div", { role: "group", class: "showing", "aria-label": words.showing }, predict, view, gather, smaller, larger, digits, theme, keys));
  }

  madeHelp() {
    const rows = Object.entries(this.words).filter(([key]) => key.startsWith("key "));
    const list = rows.flatMap(([keys, what]) => [element("dt", {}, keys.slice(4)), element("dd", {}, what)]);
    const close = button(this.words.close, "Esc", () => this.help.close());
    return element("dialog", { "aria-labelledby": "keys-title" }, element("h2", { id: "keys-title" }, this.words.keys), element("dl", {}, ...list), element("p", {}, close));
  }

  // ---- moving

  /** Goes on by a step, or back. */
  step(places) {
    if (places > 0) this.forward(this.cursor + places);
    else this.back(this.cursor + places);
  }

  /** Goes forward to a step; while predicting, it is asked for. */
  forward(cursor) {
    const target = Math.min(cursor, this.walk.total);
    if (this.predict.isOn) this.predict.forward(target);
    else this.go(target);
  }

  /** Goes back to a step. */
  back(cursor) {
    this.predict.leave();
    this.go(cursor);
  }

  /** Shows what is known after so many steps. */
  go(cursor) {
    this.cursor = Math.max(0, Math.min(cursor, this.walk.total));
    this.selectedLast = false;
    this.show();
  }

  slide() {
    const target = Number(this.slider.value);
    if (target > this.cursor) this.forward(target);
    else this.back(target);
    this.slider.value = this.cursor;
  }

  goToWrite() {
    if (this.selected === null) return;
    const step = this.walk.nextWrite(this.selected, this.cursor);
    if (step > this.cursor) this.forward(step);
    else if (step) this.back(step);
  }

  togglePlay(on = this.timer === null) {
    clearInterval(this.timer);
    this.timer = null;
    if (on) {
      if (this.predict.isOn) this.predict.toggle();
      if (this.cursor === this.walk.total) this.go(0);
      this.timer = setInterval(() => (this.cursor < this.walk.total ? this.step(1) : this.togglePlay(false)), 1200);
    }
    this.buttons.play.textContent = on ? this.words.pause : this.words.play;
  }

  // ---- looking

  /** Selects a node; `again` goes to the next step that writes it. */
  choose(node, again = false) {
    this.selected = node;
    this.selectedLast = true;
    if (again) this.goToWrite();
    else this.show();
  }

  toggleView() {
    const hadFocus = this.view.box.contains(document.activeElement);
    this.view = this.view === this.views.tree ? this.views.circuit : this.views.tree;
    this.show();
    if (hadFocus) (this.view.table ?? this.view.box).focus({ preventScroll: true });
  }

  toggleDigits() {
    this.full = !this.full;
    this.buttons.digits.setAttribute("aria-pressed", String(this.full));
    this.show();
  }

  toggleTheme() {
    document.documentElement.dataset.theme = this.isDark() ? "light" : "dark";
    this.nameTheme();
  }

  isDark() {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  nameTheme() {
    this.buttons.theme.textContent = this.isDark() ? this.words.light : this.words.dark;
  }

  showKeys() {
    this.help.showModal();
  }

  // ---- drawing

  /** The step that the graph is marked for: the one asked for, or else the one just taken; null at the start. */
  get stepInPlay() {
    return this.predict.asked?.step ?? this.walk.steps[this.cursor];
  }

  show() {
    const isCircuit = this.view === this.views.circuit;
    if (this.graph.firstChild !== this.view.box) this.graph.replaceChildren(this.view.box);
    this.box.classList.toggle("wide", isCircuit);
    this.view.show(this.cursor);
    this.panel.show(this.cursor);
    const { isOn, asked } = this.predict;
    this.predict.bar.hidden = !isOn;
    this.predict.box.hidden = !asked;
    this.panel.box.hidden = Boolean(asked);
    this.buttons.predict.setAttribute("aria-pressed", String(isOn));
    this.slider.value = this.cursor;
    this.slider.setAttribute("aria-valuetext", this.walk.moments[this.cursor].position);
    this.buttons.back.disabled = this.buttons.start.disabled = this.cursor === 0;
    this.buttons.forward.disabled = this.buttons.end.disabled = this.cursor === this.walk.total;
    this.buttons.view.textContent = isCircuit ? this.words.tree : this.words.circuit;
    const { isGathered } = this.views.circuit;
    this.buttons.gather.hidden = !isCircuit || !this.walk.circuits.gathered.length;
    this.buttons.gather.textContent = isGathered ? this.words.spread : this.words.gather;
    this.buttons.smaller.hidden = this.buttons.larger.hidden = !isCircuit;
    rememberStep(this.cursor);
  }
}

/** Keeps the step in the address, so that it can be handed on; a page inside another one has none of its own. */
function rememberStep(cursor) {
  try {
    history.replaceState(null, "", `#step-${cursor}`);
  } catch {
    // a frame without an address
  }
}
