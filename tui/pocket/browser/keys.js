/** The keys of the page, as on the terminal: what each does with the player. */
const KEYS = {
  ArrowRight: (player) => player.step(1),
  l: (player) => player.step(1),
  ArrowLeft: (player) => player.step(-1),
  h: (player) => player.step(-1),
  n: (player) => player.forward(player.walk.nextNode(player.cursor)),
  p: (player) => player.back(player.walk.previousNode(player.cursor)),
  "]": (player) => player.forward(player.walk.nextPhase(player.cursor)),
  "[": (player) => player.back(player.walk.previousPhase(player.cursor)),
  Home: (player) => player.back(0),
  0: (player) => player.back(0),
  End: (player) => player.forward(player.walk.total),
  $: (player) => player.forward(player.walk.total),
  " ": (player) => player.togglePlay(),
  ArrowDown: (player) => player.view.move(1),
  j: (player) => player.view.move(1),
  ArrowUp: (player) => player.view.move(-1),
  k: (player) => player.view.move(-1),
  Enter: (player) => player.goToWrite(),
  w: (player) => player.goToWrite(),
  o: (player) => player.view.fold(),
  v: (player) => player.toggleView(),
  i: (player) => player.views.circuit.scale(1.25),
  I: (player) => player.views.circuit.scale(0.8),
  P: (player) => player.predict.toggle(),
  D: (player) => player.toggleDigits(),
  "?": (player) => player.showKeys(),
};

/** Takes a key that nothing on the page uses itself, and says whether it did something. */
function takeKey(player, event) {
  const at = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.altKey || event.metaKey || at?.closest("input[type=text], select, textarea, dialog")) return false;
  const isPressed = at?.closest("button, summary, a") && (event.key === " " || event.key === "Enter");
  const isSlid = at?.matches("input[type=range]") && /^(Arrow|Home|End|Page)/.test(event.key);
  const act = KEYS[event.key];
  if (isPressed || isSlid || !act) return false;
  act(player);
  return true;
}
