"""The circuit view: a layout of boxes and wires that knows no widget, and the widget that draws it."""
