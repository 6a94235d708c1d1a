"""The keys of a walk, whatever draws its graph; the keys of a view are its own."""

from __future__ import annotations

from textual.binding import Binding, BindingType

# fmt: off
WALK_KEYS: list[BindingType] = [
    Binding("right,l", "move('step_forward')", "Step", tooltip="Take one step", id="walk.forward", key_display="→"),
    Binding("left,h", "move('step_back')", "Back", tooltip="Take one step back", id="walk.back", key_display="←"),
    Binding("space", "toggle_play", "Play", tooltip="Play, or pause", id="walk.play"),
    Binding("plus,equals_sign", "change_speed(1)", "Faster", tooltip="Play faster", id="walk.faster", key_display="+"),
    Binding("minus", "change_speed(-1)", "Slower", tooltip="Play slower", id="walk.slower"),
    Binding("n,shift+right", "move('next_node')", "Node", tooltip="Take all steps of the next node at once",
            id="walk.next-node", key_display="n"),
    Binding("p,shift+left", "move('previous_node')", "Node back", tooltip="Take back all steps of a node at once",
            id="walk.previous-node", key_display="p"),
    Binding("right_square_bracket", "move('next_phase')", "Phase", tooltip="Go on to the seed, or to the end",
            id="walk.next-phase"),
    Binding("left_square_bracket", "move('previous_phase')", "Phase back",
            tooltip="Go back to the seed, or to the start", id="walk.previous-phase"),
    Binding("home,0", "move('start')", "Start", tooltip="Go to the start", id="walk.start", key_display="home"),
    Binding("end,dollar_sign", "move('end')", "End", tooltip="Go to the end", id="walk.end", key_display="end"),
    Binding("g", "go_to", "Go to", tooltip="Go to a step, or to the step that computes a node", id="walk.go-to"),
    Binding("enter,w", "move('next_write')", "Row's step", tooltip="Go to the next step that writes the selected node",
            id="walk.go-to-write", key_display="⏎"),
    Binding("c,y", "copy_step", "Copy", tooltip="Copy the current step as text", id="walk.copy", key_display="c"),
    Binding("S", "save_step", "Save", tooltip="Save the current step as text to a file", id="walk.save",
            key_display="S"),
    Binding("shift+down,J", "scroll_step(1)", "Scroll", tooltip="Scroll the step's text down",
            id="walk.scroll-down", key_display="J"),
    Binding("shift+up,K", "scroll_step(-1)", "Scroll up", tooltip="Scroll the step's text up",
            id="walk.scroll-up", key_display="K"),
    Binding("slash", "find", "Find", tooltip="Find a name or an expression", id="walk.find", key_display="/"),
    Binding("full_stop", "find_again(1)", "Next match", tooltip="Find the next match", id="walk.find-next",
            key_display="."),
    Binding("comma", "find_again(-1)", "Match before", tooltip="Find the match before", id="walk.find-previous",
            key_display=","),
    Binding("s", "rank", "Sort", tooltip="List the nodes by gradient, value or fan-out", id="walk.rank"),
    Binding("x", "toggle_breakpoint", "Break", tooltip="Stop playing at the selected node, or no longer",
            id="walk.break"),
    Binding("X", "conditions", "Stop if", tooltip="Stop playing when a number is nan, inf, zero or large",
            id="walk.conditions", key_display="X"),
    Binding("f", "run", "Run", tooltip="Run to the next breakpoint", id="walk.run"),
    Binding("escape,b", "leave", "Library", tooltip="Back to the library", id="walk.library", key_display="esc"),
]
# fmt: on

IMPORTANT_KEYS = (
    "walk.forward",
    "walk.back",
    "app.quit",
    "walk.library",
    "walk.play",
    "app.help",
    "walk.go-to",
    "walk.go-to-write",
    "walk.next-node",
    "walk.next-phase",
    "walk.fold",
    "walk.find",
    "walk.copy",
    "walk.previous-node",
    "walk.previous-phase",
    "walk.faster",
    "walk.slower",
    "walk.end",
    "walk.start",
    "walk.rank",
    "walk.break",
    "walk.run",
    "app.theme",
)  # fmt: skip
"""What the key bar shows, as far as there is room."""
