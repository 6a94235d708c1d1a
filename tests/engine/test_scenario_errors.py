"""What a user sees of every bad scenario file: one table of (file, message), and files made at random.

Whoever edits a message reads it here whole, as a student would.
"""

import os
import re
import sys
from pathlib import Path

import hypothesis.strategies as st
import pytest
from gradwalk.engine.errors import GradwalkError, ScenarioError
from gradwalk.engine.language.parser import MAX_NESTING
from gradwalk.engine.library import built_in_names, load
from gradwalk.engine.reading.scenario import MAX_FILE_SIZE, read
from hypothesis import given

HEAD = 'title = "T"\n[inputs]\na = 2\n[graph]\n'
FUNCTIONS = (
    "    functions are: reciprocal, pow, square, sqrt, exp, ln, sin, cos, tan, tanh, sigmoid, relu, softplus, erf, "
    "abs, min, max, sum, mean, step, sign; for a product write a*(b)"
)
GRAMMAR = "    an expression has numbers, names, + - * / ^, parentheses and functions such as ln(x)"
PARTS = '    a scenario has a title, inputs and a graph: title = "...", [inputs] with a = 2, [graph] with f = "2*a"'


def graph(expression: str) -> str:
    """A scenario whose output is this expression, in line 5."""
    return f'{HEAD}f = "{expression}"\n'


TABLE: dict[str, tuple[str, str]] = {
    # ---- no TOML
    "a table that is not closed": (
        'title = "T"\n[inputs\na = 2\n',
        "t.toml:2:8: this is not TOML: expected ']' at the end of a table declaration\n    [inputs\n           ^",
    ),
    "prose": (
        "hello world\n",
        "t.toml:1:7: this is not TOML: expected '=' after a key in a key/value pair\n    hello world\n          ^",
    ),
    "an expression without quotes": (
        HEAD + "f = a + 1\n",
        "t.toml:5:5: this is not TOML: invalid value\n    f = a + 1\n        ^\n"
        '    an expression stands in quotes: f = "a + 1"',
    ),
    "an expression without quotes that begins with a number": (
        HEAD + "f = 2*a  # twice\n",
        "t.toml:5:6: this is not TOML: expected newline or end of document after a statement\n"
        "    f = 2*a  # twice\n"
        "         ^\n"
        '    an expression stands in quotes: f = "2*a"',
    ),
    "a decimal comma": (
        'title = "T"\n[inputs]\na = 1,5\n',
        "t.toml:3:6: this is not TOML: expected newline or end of document after a statement\n"
        "    a = 1,5\n         ^\n    a decimal point, not a comma: a = 1.5",
    ),
    "a Greek name without quotes": (
        HEAD + 'σ = "2*a"\n',
        't.toml:5:1: this is not TOML: invalid statement\n    σ = "2*a"\n    ^\n'
        '    a key with other letters than a to z stands in quotes: "σ" = ...',
    ),
    "a quote that is not closed": (
        HEAD + 'f = "a + 1\ng = 2\n',
        't.toml:5:5: this is not TOML: a quote is opened here and not closed in the same line\n'
        '    f = "a + 1\n        ^',
    ),
    "a long text that is not closed": (
        HEAD + 'f = "a"\n[notes]\nf = """\nand so on\n',
        't.toml:7:5: this is not TOML: a text is opened here and never closed\n    f = """\n        ^',
    ),
    "nothing after =": (HEAD + "f =", "t.toml:5:4: this is not TOML: invalid value\n    f =\n       ^"),
    "a NUL": (
        HEAD + 'f = "a\x00"\n',
        "t.toml:5:7: this is not TOML: illegal character '\\x00'\n    f = \"a \"\n          ^",
    ),
    "lists nested fifty thousand deep": (
        "title = " + "[" * 50_000,
        "t.toml: this is not TOML that can be read: nested too deeply",
    ),
    "an integer of 5000 digits": (
        'title = "T"\n[inputs]\na = ' + "9" * 5000,
        "t.toml:3:5: this number has too many digits\n    a = " + "9" * 68 + "…\n        " + "^" * 68,
    ),
    # ---- empty files
    "an empty file": ("", "t.toml: the file is empty\n    a scenario has a title, [inputs] and [graph]"),
    "white space": (" \n\t\n", "t.toml: the file is empty\n    a scenario has a title, [inputs] and [graph]"),
    "a comment alone": (
        "# to do\n",
        f"t.toml: the key title, the table [inputs] and the table [graph] are missing\n{PARTS}",
    ),
    # ---- keys
    "an unknown key": (
        graph("2*a").replace("[inputs]", 'sumary = "x"\n[inputs]'),
        't.toml:2:1: sumary: unknown key\n    sumary = "x"\n    ^^^^^^\n    did you mean "summary"?',
    ),
    "an unknown table": (
        graph("2*a") + "[input]\n",
        't.toml:6:2: input: unknown key\n    [input]\n     ^^^^^\n    did you mean "inputs"?',
    ),
    "a key like no other": (
        graph("2*a") + "[weights]\n",
        "t.toml:6:2: weights: unknown key\n    [weights]\n     ^^^^^^^\n"
        "    known are title, inputs, graph, summary, intro, section, output, watch, order, exercise, notes",
    ),
    "no title": ('[inputs]\na = 1\n[graph]\nf = "2*a"\n', f"t.toml: the key title is missing\n{PARTS}"),
    "no inputs": ('title = "T"\n[graph]\nf = "1 + 1"\n', f"t.toml: the table [inputs] is missing\n{PARTS}"),
    "no graph": ('title = "T"\n[inputs]\na = 1\n', f"t.toml: the table [graph] is missing\n{PARTS}"),
    "an empty table": (
        HEAD,
        "t.toml:4:2: graph: the table is empty\n    [graph]\n     ^^^^^\n    it needs at least one name = value",
    ),
    # ---- types
    "a title that is a number": (
        "title = 3\n[inputs]\na = 2\n[graph]\nf = '2*a'\n",
        "t.toml:1:9: title: this must be text in quotes, not a whole number\n    title = 3\n            ^",
    ),
    "inputs that are no table": (
        'title = "T"\ninputs = [1, 2]\n[graph]\nf = "2"\n',
        "t.toml:2:10: inputs: this must be a table, not a list\n    inputs = [1, 2]\n             ^^^^^^",
    ),
    "a boolean among the inputs": (
        'title = "T"\n[inputs]\na = true # yes\n[graph]\nf = "2*a"\n',
        "t.toml:3:5: inputs.a: this must be a number or an expression in quotes, not true or false\n"
        "    a = true # yes\n        ^^^^",
    ),
    "a list in the graph": (
        HEAD + 'f = ["a"]\n',
        "t.toml:5:5: graph.f: this must be a number or an expression in quotes, not a list\n"
        '    f = ["a"]\n        ^^^^^',
    ),
    "a date in the graph": (
        HEAD + "f = 1979-05-27\n",
        "t.toml:5:5: graph.f: this must be a number or an expression in quotes, not a date\n"
        "    f = 1979-05-27\n        ^^^^^^^^^^",
    ),
    "a dotted key that makes a table": (
        HEAD + 'f.g = "2*a"\n',
        "t.toml:5:7: graph.f: this must be a number or an expression in quotes, not a table\n"
        '    f.g = "2*a"\n          ^^^^^',
    ),
    "an inline table with a boolean": (
        'title = "T"\ninputs = {a = 1, b = true}\ngraph = {f = "a*b"}\n',
        "t.toml:2:22: inputs.b: this must be a number or an expression in quotes, not true or false\n"
        "    inputs = {a = 1, b = true}\n                         ^^^^",
    ),
    "an order that is a fraction": (
        'order = 1.5\ntitle = "T"\n[inputs]\na = 1\n[graph]\nf = "2*a"\n',
        "t.toml:1:9: order: this must be a whole number, not a number\n    order = 1.5\n            ^^^",
    ),
    "a note that is a number": (
        graph("2*a") + "[notes]\nf = 3\n",
        "t.toml:7:5: notes.f: this must be text in quotes, not a whole number\n    f = 3\n        ^",
    ),
    "one exercise as a table": (
        graph("2*a") + '[exercise]\nask = "f"\n',
        "t.toml:6:2: exercise: this must be a list of tables, [[exercise]], not a table\n    [exercise]\n     ^^^^^^^^",
    ),
    # ---- numbers
    "an integer larger than any float": (
        'title = "T"\n[inputs]\na = 1' + "0" * 400 + '\n[graph]\nf = "2*a"\n',
        "t.toml:3:5: inputs.a: this number is too large for a 64-bit float\n"
        "    a = 1" + "0" * 67 + "…\n        " + "^" * 68,
    ),
    "nan": (
        'title = "T"\n[inputs]\na = nan\n[graph]\nf = "2*a"\n',
        "t.toml:3:5: inputs.a: this value is not a number\n    a = nan\n        ^^^\n    write a finite number",
    ),
    "infinity": (
        HEAD + 'k = -inf\nf = "k*a"\n',
        "t.toml:5:5: graph.k: this value is infinite: too large for a 64-bit float, or 1/0\n"
        "    k = -inf\n        ^^^^\n    write a finite number",
    ),
    "9**9**9**9": (
        'title = "T"\n[inputs]\na = "9**9**9**9"\n[graph]\nf = "2*a"\n',
        "t.toml:3:6: inputs.a: this value is infinite: too large for a 64-bit float, or 1/0\n"
        '    a = "9**9**9**9"\n         ^^^^^^^^^^\n    write a finite number',
    ),
    "a number larger than any float": (
        graph("a + 1e999"),
        't.toml:5:10: graph.f: this number is too large for a 64-bit float\n    f = "a + 1e999"\n             ^^^^^',
    ),
    # ---- names
    "an unknown name": (
        graph("a + weight"),
        't.toml:5:10: graph.f: unknown name "weight"\n    f = "a + weight"\n             ^^^^^^\n'
        '    known here: a, e, pi, π',
    ),
    "a misspelt name": (
        'title = "T"\n[inputs]\nalpha = 1\n[graph]\nf = "2*alhpa"\n',
        't.toml:5:8: graph.f: unknown name "alhpa"\n    f = "2*alhpa"\n           ^^^^^\n    did you mean "alpha"?',
    ),
    "a function used as a name": (
        graph("ln + a"),
        't.toml:5:6: graph.f: unknown name "ln"\n    f = "ln + a"\n         ^^\n    ln is a function: write ln(x)',
    ),
    "an unknown function": (
        graph("sinus(a)"),
        't.toml:5:6: graph.f: unknown function "sinus"\n    f = "sinus(a)"\n         ^^^^^\n    did you mean "sin"?',
    ),
    "log": (
        graph("log(a)"),
        't.toml:5:6: graph.f: unknown function "log"\n    f = "log(a)"\n         ^^^\n'
        "    the natural logarithm is written ln(x)",
    ),
    "too few arguments": (
        graph("min(a)"),
        't.toml:5:6: graph.f: min takes at least 2 arguments, not 1\n    f = "min(a)"\n         ^^^',
    ),
    "too many arguments": (
        graph("ln(a, 2)"),
        't.toml:5:6: graph.f: ln takes 1 argument, not 2\n    f = "ln(a, 2)"\n         ^^',
    ),
    "a name of two words": (
        'title = "T"\n[inputs]\n"a b" = 1\n[graph]\nf = "2"\n',
        't.toml:3:1: inputs.a b: this is not a name\n    "a b" = 1\n    ^^^^^\n'
        "    a name has letters, digits and _, and starts with a letter",
    ),
    "a name that a function has": (
        HEAD + 'ln = "2*a"\n',
        't.toml:5:1: graph.ln: this name is taken: it is a function\n    ln = "2*a"\n    ^^\n    ln_1 is free',
    ),
    "a name that Python has": (
        'title = "T"\n[inputs]\nin = 1\n[graph]\nf = "2*in"\n',
        "t.toml:3:1: inputs.in: this name is taken: it is a word of Python\n    in = 1\n    ^^\n    in_1 is free",
    ),
    "another name for an input": (
        HEAD + 'f = "a"\n',
        't.toml:5:1: graph.f: this is only another name for a\n    f = "a"\n    ^\n'
        '    an operation is missing, such as "2*a"',
    ),
    "an input that uses an input": (
        'title = "T"\n[inputs]\na = 1\nb = "2*a"\n[graph]\nf = "a*b"\n',
        't.toml:4:8: inputs.b: a is another input\n    b = "2*a"\n           ^\n'
        "    an input is made of numbers alone; what is computed from a is a node",
    ),
    "an input that means e where the file has its own": (
        'title = "T"\n[inputs]\na = "e"\n[graph]\ne = "2*a"\n',
        't.toml:3:6: inputs.a: e is a node\n    a = "e"\n         ^\n'
        "    an input is made of numbers alone; what is computed from e is a node",
    ),
    # ---- the graph
    "a cycle": (
        HEAD + 'p = "a*q"\nq = "r + 1"\nr = "2*p"\nf = "p + q"\n',
        "t.toml:5:1: graph.p: a cycle: p → q → r → p; a node cannot depend on itself\n    p = \"a*q\"\n    ^",
    ),
    "a node that uses itself": (
        HEAD + 'f = "f + a"\n',
        't.toml:5:1: graph.f: a cycle: f → f; a node cannot depend on itself\n    f = "f + a"\n    ^',
    ),
    "a node defined twice": (
        HEAD + 'f = "2*a"\nf = "3*a"\n',
        't.toml:6:1: graph.f: defined twice\n    f = "3*a"\n    ^\n'
        "    every name is defined once; the first is in line 5",
    ),
    "a table defined twice": (
        graph("2*a") + '[inputs]\nb = 3\n',
        "t.toml:6:2: inputs: defined twice\n    [inputs]\n     ^^^^^^\n"
        "    every name is defined once; the first is in line 2",
    ),
    "a node with the name of an input": (
        HEAD + 'a = "2*a"\n',
        't.toml:5:1: graph.a: defined twice\n    a = "2*a"\n    ^\n'
        "    a is an input already; every name is defined once",
    ),
    "an output that is not defined": (
        'output = "loss"\n' + graph("2*a"),
        't.toml:1:1: output: there is no node "loss" to be the output\n    output = "loss"\n    ^^^^^^\n'
        '    nodes are f',
    ),
    "an output that is an input": (
        'output = "a"\n' + graph("2*a"),
        't.toml:1:1: output: there is no node "a" to be the output\n    output = "a"\n    ^^^^^^\n'
        "    a is an input; the result is a node, computed from the inputs",
    ),
    "a node that nothing uses": (
        HEAD + 'g = "3*a"\nf = "2*a"\n',
        't.toml:5:1: graph.g: nothing uses this\n    g = "3*a"\n    ^\n'
        "    the output is f; remove g, use it on the way there, or add it to watch",
    ),
    # ---- what is no expression
    "an empty expression": (
        graph(""),
        f't.toml:5:6: graph.f: the expression is empty\n    f = ""\n         ^\n{GRAMMAR}',
    ),
    "an expression that ends too early": (
        graph("a +"),
        't.toml:5:9: graph.f: the expression ends too early\n    f = "a +"\n            ^\n'
        "    a number, a name or a parenthesis is missing",
    ),
    "a product without a sign": (
        graph("2(a + 1)"),
        't.toml:5:7: graph.f: unexpected "("\n    f = "2(a + 1)"\n          ^\n'
        "    an operator is missing here: for a product write *(",
    ),
    "a parenthesis that is not closed": (
        graph("2*(a + 1"),
        't.toml:5:8: graph.f: this parenthesis is never closed\n    f = "2*(a + 1"\n           ^',
    ),
    "attribute access": (
        graph("a.real"),
        f't.toml:5:7: graph.f: attribute access is not part of an expression\n    f = "a.real"\n          ^\n{GRAMMAR}',
    ),
    "a call of an input": (
        graph("a(1)"),
        't.toml:5:6: graph.f: unknown function "a"\n    f = "a(1)"\n         ^\n'
        f"{FUNCTIONS}",
    ),
    "a subscript": (
        graph("a[0]"),
        f't.toml:5:7: graph.f: subscripts are not part of an expression\n    f = "a[0]"\n          ^\n{GRAMMAR}',
    ),
    "a lambda": (
        graph("lambda x: x"),
        f't.toml:5:6: graph.f: "lambda" is not part of an expression\n    f = "lambda x: x"\n'
        f'         ^^^^^^\n{GRAMMAR}',
    ),
    "a comprehension": (
        graph("sum(x for x in a)"),
        f't.toml:5:12: graph.f: "for" is not part of an expression\n    f = "sum(x for x in a)"\n'
        f"               ^^^\n{GRAMMAR}",
    ),
    "a string": (
        graph("a + 'x'"),
        f"t.toml:5:10: graph.f: strings are not part of an expression\n    f = \"a + 'x'\"\n             ^\n{GRAMMAR}",
    ),
    "an f-string": (
        HEAD + "f = 'f\"{a}\"'\n",
        f"t.toml:5:7: graph.f: strings are not part of an expression\n    f = 'f\"{{a}}\"'\n          ^\n{GRAMMAR}",
    ),
    "an import": (
        HEAD + "f = '__import__(\"os\").getcwd()'\n",
        't.toml:5:6: graph.f: unknown function "__import__"\n    f = \'__import__("os").getcwd()\'\n'
        '         ^^^^^^^^^^\n'
        f"{FUNCTIONS}",
    ),
    "parentheses ten thousand deep": (
        graph("(" * 10_000 + "a" + ")" * 10_000),
        f"t.toml:5:{6 + MAX_NESTING}: graph.f: nested more than {MAX_NESTING} deep\n    …{'(' * 72}…\n"
        f"{' ' * 41}^\n    give a part of the expression a name of its own",
    ),
    "signs ten thousand deep": (
        graph("-" * 10_000 + "a"),
        f"t.toml:5:{6 + MAX_NESTING}: graph.f: nested more than {MAX_NESTING} deep\n    …{'-' * 72}…\n"
        f"{' ' * 41}^\n    give a part of the expression a name of its own",
    ),
    "a tower of powers ten thousand high": (
        graph("^".join(["a"] * 10_000)),
        f"t.toml:5:{7 + 2 * MAX_NESTING}: graph.f: nested more than {MAX_NESTING} deep\n    …{'^a' * 36}…\n"
        f"{' ' * 41}^\n    give a part of the expression a name of its own",
    ),
    "calls ten thousand deep": (
        graph("ln(" * 10_000 + "a" + ")" * 10_000),
        f"t.toml:5:{8 + 3 * MAX_NESTING}: graph.f: nested more than {MAX_NESTING} deep\n    …{'(ln' * 24}…\n"
        f"{' ' * 41}^\n    give a part of the expression a name of its own",
    ),
    # ---- where the error is
    "in the middle of a long line": (
        graph("a + " * 60 + "b" + " + a" * 60),
        't.toml:5:246: graph.f: unknown name "b"\n'
        "    …a + a + a + a + a + a + a + a + a + b + a + a + a + a + a + a + a + a + …\n"
        f"{' ' * 41}^\n    known here: a, e, pi, π",
    ),
    "after wide letters": (
        'title = "T"\n[inputs]\n"数" = 2\n[graph]\nf = "数*数 + b"\n',
        't.toml:5:12: graph.f: unknown name "b"\n    f = "数*数 + b"\n                 ^\n    known here: 数, e, pi, π',
    ),
    "after a tab": (
        HEAD + 'f\t= "a\t+ b"\n',
        't.toml:5:10: graph.f: unknown name "b"\n    f = "a + b"\n             ^\n    known here: a, e, pi, π',
    ),
    "in a text of several lines": (
        HEAD + 'f = """\n  a +\n  b\n"""\n',
        't.toml:7:3: graph.f: unknown name "b"\n      b\n      ^\n    known here: a, e, pi, π',
    ),
    "behind an escape, which moves the characters": (
        HEAD + 'f = "\\u0061 + b"\n',
        't.toml:5: graph.f: unknown name "b"\n    a + b\n        ^\n    known here: a, e, pi, π',
    ),
    "a character that a terminal would obey": (
        HEAD + 'f = "a + \\u001b[31m"\n',
        "t.toml:5:1: graph.f: the character U+001B cannot stand in a text\n"
        '    f = "a + \\u001b[31m"\n    ^\n    text without control characters',
    ),
    "behind keys that only look like keys": (
        'title = "T"\nintro = """\n[graph]\nf = 1\n"""\n[inputs]\na = 2\n[graph]\nf = "b"\n',
        't.toml:9:6: graph.f: unknown name "b"\n    f = "b"\n         ^\n    known here: a, e, pi, π',
    ),
    "in dotted keys": (
        'title = "T"\ninputs.a = 1\ngraph.f = "2*b"\n',
        't.toml:3:14: graph.f: unknown name "b"\n    graph.f = "2*b"\n                 ^\n    known here: a, e, pi, π',
    ),
    "in an inline table": (
        'title = "T"\ninputs = {a = 1}\ngraph = {s = "a + 1", f = "s*b"}\n',
        't.toml:3:30: graph.f: unknown name "b"\n    graph = {s = "a + 1", f = "s*b"}\n'
        "                                 ^\n    known here: a, s, e, pi, π",
    ),
    "in a file of Windows": (
        graph("a + b").replace("\n", "\r\n"),
        't.toml:5:10: graph.f: unknown name "b"\n    f = "a + b"\n             ^\n    known here: a, e, pi, π',
    ),
    "in a file with a byte order mark": (
        "\ufefftitel = 1\n",
        't.toml:1:1: titel: unknown key\n    titel = 1\n    ^^^^^\n    did you mean "title"?\n'
        f"t.toml: the table [inputs] and the table [graph] are missing\n{PARTS}",
    ),
    # ---- notes and exercises
    "a note for an unknown node": (
        HEAD + 'sum_1 = "a + 1"\nf = "2*sum_1"\n[notes]\nsun_1 = "x"\n',
        't.toml:8:1: notes.sun_1: there is no node "sun_1"\n    sun_1 = "x"\n    ^^^^^\n    did you mean "sum_1"?',
    ),
    "a note for a derivative by an unknown node": (
        graph("2*a") + '[notes]\n"∂f/∂z" = "x"\n',
        't.toml:7:1: notes.∂f/∂z: there is no node "z"\n    "∂f/∂z" = "x"\n    ^^^^^^^\n    nodes are a, f',
    ),
    "a note for a derivative over two operations": (
        HEAD + 's = "2*a"\nf = "3 + s"\n[notes]\n"∂f/∂a" = "x"\n',
        't.toml:8:1: notes.∂f/∂a: a is not an operand of f\n    "∂f/∂a" = "x"\n    ^^^^^^^\n'
        "    a note stands at a local derivative; the operands of f are 3, s",
    ),
    "a note for a derivative of an input": (
        graph("2*a") + '[notes]\n"∂a/∂f" = "x"\n',
        't.toml:7:1: notes.∂a/∂f: f is not an operand of a\n    "∂a/∂f" = "x"\n    ^^^^^^^\n'
        "    a note stands at a local derivative; a is no operation",
    ),
    "a note for a constant": (
        HEAD + 'k = 3\nf = "k*a"\n[notes]\nk = "x"\n',
        't.toml:8:1: notes.k: a constant has no step in the walk\n    k = "x"\n    ^',
    ),
    "a note for a derivative by a constant": (
        HEAD + 'k = 3\nf = "k*a"\n[notes]\n"∂f/∂k" = "x"\n',
        't.toml:8:1: notes.∂f/∂k: k is a constant: there is no derivative by it\n    "∂f/∂k" = "x"\n    ^^^^^^^',
    ),
    "two notes for one step": (
        graph("2*a") + '[notes]\n"∂f/∂a" = "x"\n"df/da" = "y"\n',
        't.toml:8:1: notes.df/da: this step has a note already\n    "df/da" = "y"\n    ^^^^^^^',
    ),
    "an exercise with an unknown ask": (
        graph("2*a") + '[[exercise]]\nask = "∂f/∂q"\n',
        't.toml:7:1: exercise.ask: there is no node "q"\n    ask = "∂f/∂q"\n    ^^^\n    nodes are a, f',
    ),
    "a second exercise that asks for another derivative": (
        HEAD + 's = "2*a"\nr = "s + 1"\nf = "r + 1"\n[[exercise]]\nask = "∂r/∂s"\n[[exercise]]\nask = "∂r/∂a"\n',
        "t.toml:11:1: exercise.ask: a is no operand of r, so this is no local derivative\n"
        '    ask = "∂r/∂a"\n    ^^^\n    what can be asked for is ∂f/∂a',
    ),
    "an exercise about a constant": (
        HEAD + 'k = 3\nf = "k*a"\n[[exercise]]\nask = "∂f/∂k"\n',
        't.toml:8:1: exercise.ask: k is a constant: there is no derivative by it\n    ask = "∂f/∂k"\n    ^^^',
    ),
    "an exercise that asks for an equation in too few names": (
        HEAD + 'k = 3\nf = "k*a"\n[[exercise]]\nask = "f(f)"\n',
        't.toml:8:1: exercise.ask: f cannot be asked for in terms of itself\n    ask = "f(f)"\n    ^^^',
    ),
    "an exercise whose hash is none": (
        graph("2*a") + '[[exercise]]\nask = "f"\nhash = "2fb0"\n',
        "t.toml:8:8: exercise.hash: a hash has 32 digits from 0 to f\n"
        '    hash = "2fb0"\n           ^^^^^^',
    ),
    "an equation with a hash": (
        graph("2*a") + f'[[exercise]]\nask = "f(a)"\nhash = "{"0" * 32}"\n',
        f't.toml:8:1: exercise.hash: a hash is that of a number\n    hash = "{"0" * 32}"\n    ^^^^\n'
        "    a formula is compared at random points: state it as its answer, or state none",
    ),
    "a formula in names that there are not": (
        graph("2*a") + '[[exercise]]\nask = "f(a)"\nanswer = "2*b"\n',
        't.toml:8:13: exercise.answer: unknown name "b"\n    answer = "2*b"\n                ^\n'
        "    known here: a, e, pi, π",
    ),
    "an exercise that asks nothing": (
        graph("2*a") + '[[exercise]]\nhint = "x"\n',
        "t.toml:6:3: exercise: the key ask is missing\n    [[exercise]]\n      ^^^^^^^^\n    such as ask = \"∂f/∂a\"",
    ),
    "an exercise with an unknown key": (
        graph("2*a") + '[[exercise]]\nask = "f"\nlevel = 4\n',
        "t.toml:8:1: exercise.level: unknown key\n    level = 4\n    ^^^^^\n"
        "    an exercise has ask, hint, answer, decimals, hash, formula, points",
    ),
    "an answer that cannot be read": (
        graph("2*a") + '[[exercise]]\nask = "f"\nanswer = "1/"\n',
        't.toml:8:13: exercise.answer: the expression ends too early\n    answer = "1/"\n                ^\n'
        "    a number, a name or a parenthesis is missing",
    ),
    "an answer that is no number": (
        graph("2*a") + '[[exercise]]\nask = "f"\nanswer = "1/0"\n',
        "t.toml:8:11: exercise.answer: this value is infinite: too large for a 64-bit float, or 1/0\n"
        '    answer = "1/0"\n              ^^^\n    write a finite number',
    ),
    "an answer made of nodes": (
        graph("2*a") + '[[exercise]]\nask = "f"\nanswer = "2*a"\n',
        't.toml:8:13: exercise.answer: a is a node\n    answer = "2*a"\n                ^\n'
        "    an answer is made of numbers alone",
    ),
    "an answer that is neither number nor expression": (
        graph("2*a") + '[[exercise]]\nask = "f"\nanswer = [4]\n',
        "t.toml:8:10: exercise.answer: this must be a number or an expression in quotes, not a list\n"
        "    answer = [4]\n             ^^^",
    ),
    "more decimals than a float has": (
        graph("2*a") + '[[exercise]]\nask = "f"\nanswer = 4\ndecimals = 16\n',
        "t.toml:9:12: exercise.decimals: this must be at most 15\n    decimals = 16\n               ^^",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "message"), TABLE.values(), ids=TABLE)
def test_a_bad_file_has_its_message(content: str, message: str):
    with pytest.raises(ScenarioError) as caught:
        read("t.toml", content.encode())
    assert str(caught.value) == message


@pytest.mark.parametrize(("content", "message"), TABLE.values(), ids=TABLE)
def test_every_caret_is_under_the_column_that_is_named(content: str, message: str):
    """Ascii lines only: there a column is a cell."""
    lines = message.splitlines()
    place = re.match(r"t\.toml:(\d+):(\d+)", lines[0])
    if place and len(lines) > 2 and "…" not in lines[1] and lines[1].isascii():
        assert lines[2].index("^") - 4 == int(place[2]) - 1


class TestEncoding:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b'title = "caf\xe9"\n', 't.toml:1:13: byte 0xe9 is not UTF-8\n    title = "caf�"\n                ^'),
            (b'\xef\xbb\xbfa\nb = "\xff"\r\n', 't.toml:2:6: byte 0xff is not UTF-8\n    b = "�" \n         ^'),
        ],
    )
    def test_a_byte_that_is_not_utf_8_is_shown(self, content: bytes, message: str):
        with pytest.raises(ScenarioError) as caught:
            read("t.toml", content)
        assert str(caught.value) == f"{message}\n    save the file with the encoding UTF-8"

    def test_utf_16_is_said_to_be_another_encoding(self):
        with pytest.raises(ScenarioError, match="byte 0xff is not UTF-8"):
            read("t.toml", graph("2*a").encode("utf-16"))

    def test_windows_line_ends_and_a_byte_order_mark_are_fine(self):
        content = (
            ("\ufeff" + graph("a + 1") + 'intro = """\nb\n"""').replace("\n", "\r\n").replace("intro", "[notes]\r\nf")
        )
        assert read("t.toml", content.encode()).notes == {"f": "b\n"}


class TestFiles:
    """What stands at a path may be no file at all."""

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("fabd", 'fabd: there is no such scenario\n    did you mean "fabc"?'),
            ("", '"": there is no such scenario'),
            ("nowhere.toml", "nowhere.toml: there is no such file"),
            ("fabc.toml", "fabc.toml: there is no such file\n    the built-in scenario is called fabc"),
            ("no/where", "no/where: there is no such file"),
        ],
    )
    def test_a_name_that_leads_nowhere(self, name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.chdir(tmp_path)
        with pytest.raises(ScenarioError) as caught:
            load(name)
        assert str(caught.value).startswith(message)

    def test_an_unlike_name_has_the_built_in_ones_listed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.chdir(tmp_path)
        with pytest.raises(ScenarioError) as caught:
            load("zzzz")
        assert all(name in str(caught.value) for name in built_in_names())

    def test_a_directory(self, tmp_path: Path):
        with pytest.raises(ScenarioError, match="this is a directory, not a scenario file"):
            load(str(tmp_path))
        with pytest.raises(ScenarioError, match="this is a directory, not a scenario file"):
            load(".")

    def test_a_file_of_ten_megabytes(self, tmp_path: Path):
        file = tmp_path / "large.toml"
        file.write_bytes(b"#" * 10_000_000)
        with pytest.raises(ScenarioError) as caught:
            load(str(file))
        assert str(caught.value) == f"{file}: the file is too large\n    a scenario file has at most 1 MB"

    @pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no /dev/zero")
    def test_a_device_without_end(self):
        with pytest.raises(ScenarioError, match="/dev/zero: this is not a regular file"):
            load("/dev/zero")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_a_pipe_that_nobody_writes_to(self, tmp_path: Path):
        os.mkfifo(tmp_path / "pipe.toml")
        with pytest.raises(ScenarioError, match="this is not a regular file"):
            load(str(tmp_path / "pipe.toml"))

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
    def test_a_file_that_may_not_be_read(self, tmp_path: Path):
        file = tmp_path / "secret.toml"
        file.write_text(graph("2*a"))
        file.chmod(0)
        with pytest.raises(ScenarioError, match="the file cannot be read: Permission denied"):
            load(str(file))

    @pytest.mark.parametrize("name", ["a\x00b.toml", "x" * 5000 + ".toml", "x" * 5000])
    def test_a_path_that_cannot_be(self, name: str):
        with pytest.raises(ScenarioError):
            load(name)

    @pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
    def test_links_that_lead_in_a_circle(self, tmp_path: Path):
        (tmp_path / "a.toml").symlink_to(tmp_path / "b.toml")
        (tmp_path / "b.toml").symlink_to(tmp_path / "a.toml")
        with pytest.raises(ScenarioError):
            load(str(tmp_path / "a.toml"))

    def test_a_good_file_at_any_path_opens(self, tmp_path: Path):
        (tmp_path / "mine.toml").write_text(graph("2*a"))
        assert load(str(tmp_path / "mine.toml")).name == "mine"


class TestSize:
    """Large files are refused or read in linear time; none of them hangs."""

    def test_the_content_is_limited_however_it_came(self):
        with pytest.raises(ScenarioError, match="the file is too large"):
            read("t.toml", b"#" * (MAX_FILE_SIZE + 1))

    @pytest.mark.thorough
    def test_a_hundred_thousand_terms_are_read(self):
        scenario = read("t.toml", graph("+".join(["a"] * 100_000)).encode())
        assert len(scenario.graph) == 100_000

    def test_a_chain_of_twenty_thousand_names_in_reverse_order_is_read(self):
        lines = [f'x{place} = "x{place - 1} + 1"' for place in range(20_000, 1, -1)]
        content = f'output = "x20000"\n{HEAD}' + "\n".join(lines) + '\nx1 = "2*a"\n'
        graph = read("t.toml", content.encode()).graph
        assert graph.label(graph.output) == "x20000"

    def test_a_cycle_of_many_is_named_in_short(self):
        lines = [f'x{place} = "x{(place + 1) % 5000} + a"' for place in range(5000)]
        with pytest.raises(ScenarioError) as caught:
            read("t.toml", (HEAD + "\n".join(lines)).encode())
        assert "x0 → x1 → x2 → x3 → x4 → x5 → … → x0" in str(caught.value)

    @pytest.mark.parametrize(
        "line",
        [
            "[" + " " * 200_000,
            "[" + "a " * 100_000,
            "a" * 400_000,
            "a " * 200_000,
            '"' * 100_001,
            "a." * 100_000 + "a = 1",
        ],
        ids=["spaces", "words", "a word", "bare words", "quotes", "dots"],
    )
    def test_a_line_that_is_hard_to_read_is_refused_all_the_same(self, line: str):
        with pytest.raises(ScenarioError) as caught:
            read("t.toml", f"{HEAD}{line}\n".encode())
        assert len(str(caught.value)) < 1000


class TestAtRandom:
    """Whatever a file holds: a scenario or a ScenarioError, never anything else."""

    @staticmethod
    def try_reading(content: bytes) -> None:
        try:
            read("t.toml", content)
        except GradwalkError as error:
            assert isinstance(error, ScenarioError)
            assert all(line.isprintable() for line in str(error).splitlines())

    @given(st.binary(max_size=200))
    def test_bytes(self, content: bytes):
        self.try_reading(content)

    @given(st.text(max_size=200))
    def test_text(self, text: str):
        self.try_reading(text.encode("utf-8", "surrogatepass"))

    @given(st.text(max_size=60))
    def test_text_as_an_expression(self, text: str):
        escaped = "".join(f"\\U{ord(c):08x}" for c in text if not "\ud800" <= c <= "\udfff")
        self.try_reading(graph(escaped).encode())

    @given(st.text(max_size=20), st.text(max_size=20))
    def test_text_as_a_key_and_a_table(self, table: str, key: str):
        shown = [repr(word)[1:-1].replace('"', "'") for word in (table, key)]
        self.try_reading(f'{graph("2*a")}["{shown[0]}"]\n"{shown[1]}" = 1\n'.encode("utf-8", "replace"))

    @given(
        st.sampled_from(built_in_names()),
        st.lists(
            st.tuples(
                st.floats(0, 1),
                st.integers(0, 12),
                st.sampled_from(
                    [
                        '"',
                        "'",
                        "[",
                        "]",
                        "=",
                        ".",
                        "\n",
                        "{}",
                        "a",
                        "(",
                        ")",
                        "∂",
                        "\\",
                        "#",
                        "nan",
                        "1e999",
                        "",
                        '"""',
                        "é",
                    ]
                ),
            ),
            max_size=3,
        ),
    )
    def test_built_in_files_with_a_few_characters_changed(self, name: str, changes: list[tuple[float, int, str]]):
        text = BUILT_IN[name]
        for where, removed, put_in in changes:
            start = int(where * len(text))
            text = text[:start] + put_in + text[start + removed :]
        self.try_reading(text.encode())

    @given(st.sampled_from(built_in_names()), st.randoms(use_true_random=False))
    def test_built_in_files_with_their_lines_shuffled(self, name: str, random):
        lines = BUILT_IN[name].split("\n")
        random.shuffle(lines)
        self.try_reading("\n".join(lines).encode())


SCENARIOS = Path(__file__).parents[2] / "scenarios"
BUILT_IN = {name: (SCENARIOS / f"{name}.toml").read_text(encoding="utf-8") for name in built_in_names()}
