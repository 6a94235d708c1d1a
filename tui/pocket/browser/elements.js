/** Makes an element with attributes and children; a handler is an attribute such as `onclick`. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/** The same for the elements of a picture. */
function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

function setAttributes(made, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
}

/** Makes a button; `keys` is the key that does the same, for its tooltip. */
function button(text, keys, press, attributes = {}) {
  return element("button", { type: "button", title: keys ? `${text} (${keys})` : text, onclick: press, ...attributes }, text);
}

/** Shows lines as the walk has them, each a label and pieces: [[text, style], [[text, style], ...]]. */
function shownLines(lines) {
  return lines.map(([label, pieces]) => {
    const said = element("span", {}, ...pieces.map(shownPiece));
    if (!label[0]) {
      const indent = /^ */.exec(said.textContent)[0].length;
      if (indent && said.firstChild) said.firstChild.textContent = said.firstChild.textContent.trimStart();
      return element("div", { class: "line", style: indent ? `padding-left: ${indent}ch` : null }, said);
    }
    const kind = label[0].trim().length > 8 ? "line labelled long" : "line labelled";
    return element("div", { class: kind }, element("span", { class: label[1] }, label[0]), said);
  });
}

function shownPiece([text, style]) {
  return style ? element("span", { class: style }, text) : document.createTextNode(text);
}
