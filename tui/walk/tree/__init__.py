"""The tree view: a layout and rows that know no widget, and the widget that draws them."""
