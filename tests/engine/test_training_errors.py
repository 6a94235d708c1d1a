"""What a user sees of every bad training file: one table of (file, message), CSV files, and files made at random.

Whoever edits a message reads it here whole, as a student would.
"""

import os
from pathlib import Path

import hypothesis.strategies as st
import pytest
from gradwalk.engine.errors import GradwalkError, ScenarioError
from gradwalk.engine.reading.csv_table import MAX_CSV_SIZE
from gradwalk.engine.reading.scenario import read
from gradwalk.engine.training.scenario import TrainingScenario
from hypothesis import given

from .training_files import FIT, NET, fit, net, opened

ACTIVATIONS = (
    "    there are reciprocal, square, sqrt, exp, ln, sin, cos, tan, tanh, sigmoid, relu, softplus, erf, abs, step, "
    "sign"
)
TRAINING_KEYS = (
    "    known are learning_rate, epochs, batch_size, seed, optimizer, momentum, beta1, beta2, epsilon, target_loss, "
    "tolerance, threshold"
)

TABLE: dict[str, tuple[str, str]] = {
    # ---- tables and keys
    "an unknown key": (
        fit(('title = "T"', 'title = "T"\nsumary = "x"')),
        't.toml:2:1: sumary: unknown key\n    sumary = "x"\n    ^^^^^^\n    did you mean "summary"?',
    ),
    "an unknown table": (
        fit(("[parameters]", "[paramters]")),
        't.toml:5:2: paramters: unknown key\n    [paramters]\n     ^^^^^^^^^\n    did you mean "parameters"?',
    ),
    "a table of another kind of scenario": (
        FIT + "[inputs]\na = 1\n",
        "t.toml:15:2: inputs: unknown key\n"
        "    [inputs]\n"
        "     ^^^^^^\n"
        "    known are title, loss, training, data, parameters, layers, prediction, summary, intro, "
        "section, order, exercise, notes",
    ),
    "an exercise about a node that there is not": (
        FIT + '[[exercise]]\nask = "∂cost/∂v"\n',
        't.toml:16:1: exercise.ask: there is no node "v"\n'
        '    ask = "∂cost/∂v"\n'
        "    ^^^\n"
        "    nodes are w, b, x[1], x[2], x[3], y[1], y[2], y[3], t1, t2, t3, h[1], h[2], h[3], t4, t5, …",
    ),
    "no title": (
        fit(('title = "T"\n', "")),
        't.toml: the key title is missing\n    such as title = "My first fit"',
    ),
    "no data": (
        fit(("[data]\nx = [1, 2, 3]\ny = [3, 5, 8]\n", "")),
        't.toml: the table [data] is missing\n    the samples, such as x = [1, 2, 3] or csv = "points.csv"',
    ),
    "no loss": (
        fit(('[loss]\ncost = "mean((h - y)^2)"\n', "")),
        't.toml: the table [loss] is missing\n    what training makes small, such as cost = "mean((h - y)^2)"',
    ),
    "no training": (
        fit(("[training]\nlearning_rate = 0.1\nepochs = 5\n", "")),
        "t.toml: the table [training] is missing\n    such as learning_rate = 0.01 and epochs = 100",
    ),
    "no parameters": (
        fit(("[parameters]\nw = 0\nb = 0\n", "")),
        "t.toml:9:2: training: there is nothing to train: the file has no parameters\n"
        "    [training]\n"
        "     ^^^^^^^^\n"
        "    add [parameters] with w = 0, or a layer of neurons in [layers]",
    ),
    "no prediction": (
        fit(('[prediction]\nh = "b + w*x"\n', "")),
        't.toml: the table [prediction] is missing\n    such as h = "b + x*w"',
    ),
    "an empty loss": (
        fit(('cost = "mean((h - y)^2)"\n', "")),
        't.toml:10:2: loss: the table is empty\n    [loss]\n     ^^^^\n    such as cost = "mean((h - y)^2)"',
    ),
    "empty data": (
        fit(("x = [1, 2, 3]\ny = [3, 5, 8]\n", "")),
        "t.toml:2:2: data: it is not said how many samples there are\n"
        "    [data]\n"
        "     ^^^^\n"
        '    write samples = 10, a list such as x = [1, 2, 3], or csv = "points.csv"',
    ),
    "data that is no table": (
        fit(("[data]\nx = [1, 2, 3]\ny = [3, 5, 8]\n", "data = 3\n")),
        "t.toml:2:8: data: this must be a table, not a whole number\n    data = 3\n           ^",
    ),
    "training that is no table": (
        "training = 3\n" + fit(("[training]\nlearning_rate = 0.1\nepochs = 5\n", "")),
        "t.toml:1:12: training: this must be a table, not a whole number\n    training = 3\n               ^",
    ),
    "a title that is a number": (
        fit(('title = "T"', "title = 3")),
        "t.toml:1:9: title: this must be text in quotes, not a whole number\n    title = 3\n            ^",
    ),
    "a note that is a number": (
        FIT + "[notes]\nh = 3\n",
        "t.toml:16:5: notes.h: this must be text in quotes, not a whole number\n    h = 3\n        ^",
    ),
    # ---- data: lists
    "a boolean for a column": (
        fit(("x = [1, 2, 3]", "x = true")),
        "t.toml:3:5: data.x: a column is a list of numbers, or an expression in quotes\n    x = true\n        ^^^^",
    ),
    "a table for a column": (
        fit(("x = [1, 2, 3]", "x = {a = 1}")),
        "t.toml:3:5: data.x: a column is a list of numbers, or an expression in quotes\n"
        "    x = {a = 1}\n"
        "        ^^^^^^^",
    ),
    "text in a list": (
        fit(("x = [1, 2, 3]", 'x = [1, "2", 3]')),
        't.toml:3:5: data.x: item 2 of this list is no number\n    x = [1, "2", 3]\n        ^^^^^^^^^^^',
    ),
    "a list in a list": (
        fit(("x = [1, 2, 3]", "x = [1, [2], 3]")),
        "t.toml:3:5: data.x: item 2 of this list is no number\n    x = [1, [2], 3]\n        ^^^^^^^^^^^",
    ),
    "true in a list": (
        fit(("x = [1, 2, 3]", "x = [1, 2, true]")),
        "t.toml:3:5: data.x: item 3 of this list is no number\n    x = [1, 2, true]\n        ^^^^^^^^^^^^",
    ),
    "nan in a list": (
        fit(("x = [1, 2, 3]", "x = [1, nan, 3]")),
        "t.toml:3:5: data.x: sample 2 of this column is not a finite number: nan\n"
        "    x = [1, nan, 3]\n"
        "        ^^^^^^^^^^^",
    ),
    "infinity in a list": (
        fit(("x = [1, 2, 3]", "x = [1, 2, -inf]")),
        "t.toml:3:5: data.x: sample 3 of this column is not a finite number: -inf\n"
        "    x = [1, 2, -inf]\n"
        "        ^^^^^^^^^^^^",
    ),
    "an integer in a list larger than any float": (
        fit(("x = [1, 2, 3]", "x = [1, 2, 1" + "0" * 400 + "]")),
        "t.toml:3:5: data.x: this number is too large for a 64-bit float\n"
        "    x = [1, 2, 1000000000000000000000000000000000000000000000000000000000000…\n"
        "        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
    ),
    "an empty list": (
        fit(("x = [1, 2, 3]", "x = []")),
        "t.toml:3:5: data.x: the list is empty\n    x = []\n        ^^",
    ),
    "lists of two lengths": (
        fit(("x = [1, 2, 3]", "x = [1, 2]")),
        "t.toml:4:5: data.y: y has 3 samples, but x has 2\n    y = [3, 5, 8]\n        ^^^^^^^^^",
    ),
    "samples that disagree with a list": (
        fit(("x = [1, 2, 3]", "x = [1, 2, 3]\nsamples = 4")),
        "t.toml:4:11: data.samples: samples is 4, but x has 3\n    samples = 4\n              ^",
    ),
    "a list over several lines": (
        fit(("x = [1, 2, 3]", 'x = [\n  1,\n  "2",\n]')),
        "t.toml:3:5: data.x: item 2 of this list is no number\n    x = [\n        ^",
    ),
    # ---- data: generators
    "nothing that says how many samples": (
        fit(("x = [1, 2, 3]\ny = [3, 5, 8]", 'x = "uniform(0, 1)"\ny = "2*x"')),
        "t.toml:2:2: data: it is not said how many samples there are\n"
        "    [data]\n"
        "     ^^^^\n"
        '    write samples = 10, a list such as x = [1, 2, 3], or csv = "points.csv"',
    ),
    "no samples": (
        fit(("x = [1, 2, 3]", "samples = 0\nx = [1, 2, 3]")),
        "t.toml:3:11: data.samples: there can be 1 to 1,000,000 samples\n    samples = 0\n              ^",
    ),
    "too many samples": (
        fit(("x = [1, 2, 3]\ny = [3, 5, 8]", 'samples = 1000001\nx = "uniform(0, 1)"\ny = "2*x"')),
        "t.toml:3:11: data.samples: there can be 1 to 1,000,000 samples\n    samples = 1000001\n              ^^^^^^^",
    ),
    "samples that are text": (
        fit(("x = [1, 2, 3]", 'samples = "3"\nx = [1, 2, 3]')),
        't.toml:3:11: data.samples: this must be a whole number, not text\n    samples = "3"\n              ^^^',
    ),
    "samples that are a fraction": (
        fit(("x = [1, 2, 3]", "samples = 2.5\nx = [1, 2, 3]")),
        "t.toml:3:11: data.samples: this must be a whole number, not a number\n    samples = 2.5\n              ^^^",
    ),
    "a seed below 0": (
        fit(("x = [1, 2, 3]", "seed = -1\nx = [1, 2, 3]")),
        "t.toml:3:8: data.seed: this must be at least 0\n    seed = -1\n           ^^",
    ),
    "a seed that is text": (
        fit(("x = [1, 2, 3]", 'seed = "today"\nx = [1, 2, 3]')),
        't.toml:3:8: data.seed: this must be a whole number, not text\n    seed = "today"\n           ^^^^^^^',
    ),
    "a misspelt function": (
        fit(("x = [1, 2, 3]", 'x = "unifrom(1, 2)"')),
        't.toml:3:6: data.x: unknown function "unifrom"\n'
        '    x = "unifrom(1, 2)"\n'
        "         ^^^^^^^\n"
        '    did you mean "uniform"?',
    ),
    "uniform with one argument": (
        fit(("x = [1, 2, 3]", 'x = "uniform(1)"')),
        't.toml:3:6: data.x: uniform takes 2 arguments, not 1\n    x = "uniform(1)"\n         ^^^^^^^',
    ),
    "normal with arguments": (
        fit(("x = [1, 2, 3]", 'x = "1 + normal(0, 1)"')),
        't.toml:3:10: data.x: normal takes no arguments, not 2\n    x = "1 + normal(0, 1)"\n             ^^^^^^',
    ),
    "linspace with a count": (
        fit(("x = [1, 2, 3]", 'x = "linspace(0, 1, 3)"')),
        't.toml:3:6: data.x: linspace takes 2 arguments, not 3\n    x = "linspace(0, 1, 3)"\n         ^^^^^^^^',
    ),
    "cycle of nothing": (
        fit(("x = [1, 2, 3]", 'x = "cycle()"')),
        't.toml:3:6: data.x: cycle takes at least 1 argument, not 0\n    x = "cycle()"\n         ^^^^^',
    ),
    "a function without parentheses": (
        fit(("x = [1, 2, 3]", 'x = "2*normal"')),
        't.toml:3:8: data.x: unknown name "normal"\n'
        '    x = "2*normal"\n'
        "           ^^^^^^\n"
        "    normal is a function: write normal()",
    ),
    "a column that is not there": (
        fit(("x = [1, 2, 3]", 'x = "2*z"')),
        't.toml:3:8: data.x: unknown name "z"\n    x = "2*z"\n           ^\n    known here: y, e, pi, π',
    ),
    "a parameter in the data": (
        fit(("x = [1, 2, 3]", 'x = "2*w"')),
        't.toml:3:8: data.x: unknown name "w"\n    x = "2*w"\n           ^\n    known here: y, e, pi, π',
    ),
    "a column made of itself": (
        fit(("x = [1, 2, 3]", 'x = "x + 1"')),
        't.toml:3:1: data.x: a cycle: x → x; a node cannot depend on itself\n    x = "x + 1"\n    ^',
    ),
    "columns that need each other": (
        fit(("x = [1, 2, 3]", 'x = "2*u"\nu = "x + y"')),
        't.toml:3:1: data.x: a cycle: x → u → x; a node cannot depend on itself\n    x = "2*u"\n    ^',
    ),
    "a column that is not defined everywhere": (
        fit(("x = [1, 2, 3]", 'x = "ln(y - 4)"')),
        "t.toml:3:5: data.x: sample 1 of this column is not a finite number: nan\n"
        '    x = "ln(y - 4)"\n'
        "        ^^^^^^^^^^^",
    ),
    "a column that overflows": (
        fit(("x = [1, 2, 3]", 'x = "exp(100*y)"')),
        "t.toml:3:5: data.x: sample 3 of this column is not a finite number: inf\n"
        '    x = "exp(100*y)"\n'
        "        ^^^^^^^^^^^^",
    ),
    "a column that is no expression": (
        fit(("x = [1, 2, 3]", 'x = "2 +"')),
        "t.toml:3:9: data.x: the expression ends too early\n"
        '    x = "2 +"\n'
        "            ^\n"
        "    a number, a name or a parenthesis is missing",
    ),
    "an empty expression": (
        fit(("x = [1, 2, 3]", 'x = ""')),
        "t.toml:3:6: data.x: the expression is empty\n"
        '    x = ""\n'
        "         ^\n"
        "    an expression has numbers, names, + - * / ^, parentheses and functions such as ln(x)",
    ),
    # ---- names
    "a name in two tables": (
        fit(("w = 0", "w = 0\nx = 1")),
        "t.toml:7:1: parameters.x: defined twice\n"
        "    x = 1\n"
        "    ^\n"
        "    it stands in [data] already; every name is defined once",
    ),
    "a name in two other tables": (
        fit(('h = "b + w*x"', 'w = "b*x"'), ("h - y", "w - y")),
        "t.toml:9:1: prediction.w: defined twice\n"
        '    w = "b*x"\n'
        "    ^\n"
        "    it stands in [parameters] already; every name is defined once",
    ),
    "a name twice in a table": (
        fit(("w = 0", "w = 0\nw = 1")),
        "t.toml:7:1: parameters.w: defined twice\n"
        "    w = 1\n"
        "    ^\n"
        "    every name is defined once; the first is in line 6",
    ),
    "a name that is none": (
        fit(("w = 0", '"my w" = 0'), ("b + w*x", "b*x")),
        "t.toml:6:1: parameters.my w: this is not a name\n"
        '    "my w" = 0\n'
        "    ^^^^^^\n"
        "    a name has letters, digits and _, and starts with a letter",
    ),
    "a function as a name": (
        fit(("w = 0", "sum = 0"), ("b + w*x", "b*x")),
        "t.toml:6:1: parameters.sum: this name is taken: it is a function\n    sum = 0\n    ^^^\n    sum_1 is free",
    ),
    "a data function as a name": (
        fit(("w = 0", "normal = 0"), ("b + w*x", "b*x")),
        "t.toml:6:1: parameters.normal: this name is taken: it is a function of [data]\n"
        "    normal = 0\n"
        "    ^^^^^^\n"
        "    normal_1 is free",
    ),
    "a word of Python as a name": (
        fit(("w = 0", "lambda = 0"), ("b + w*x", "b*x")),
        "t.toml:6:1: parameters.lambda: this name is taken: it is a word of Python\n"
        "    lambda = 0\n"
        "    ^^^^^^\n"
        "    lambda_1 is free",
    ),
    "l2 as a name": (
        fit(("w = 0", "l2 = 0"), ("b + w*x", "b*x")),
        "t.toml:6:1: parameters.l2: this name has a meaning of its own\n"
        "    l2 = 0\n"
        "    ^^\n"
        "    l2 in a loss is the sum of the squares of all parameters; l2_1 is free",
    ),
    "a column called like a function": (
        fit(("x = [1, 2, 3]", "x = [1, 2, 3]\nmax = 3")),
        "t.toml:4:1: data.max: this name is taken: it is a function\n    max = 3\n    ^^^\n    max_1 is free",
    ),
    # ---- parameters
    "a parameter that is not a number": (
        fit(("w = 0", "w = nan")),
        "t.toml:6:5: parameters.w: a parameter must start as a finite number\n    w = nan\n        ^^^",
    ),
    "a parameter that starts at infinity": (
        fit(("w = 0", 'w = "1/0"')),
        't.toml:6:5: parameters.w: a parameter must start as a finite number\n    w = "1/0"\n        ^^^^^',
    ),
    "a parameter that starts as another": (
        fit(("w = 0", 'w = "2*b"')),
        't.toml:6:8: parameters.w: unknown name "b"\n    w = "2*b"\n           ^\n    known here: e, pi, π',
    ),
    "a parameter that is true": (
        fit(("w = 0", "w = true")),
        "t.toml:6:5: parameters.w: this must be a number or an expression in quotes, not true or false\n"
        "    w = true\n"
        "        ^^^^",
    ),
    "a random parameter with a wrong call": (
        fit(("w = 0", 'w = "uniform(1)"')),
        't.toml:6:6: parameters.w: uniform takes 2 arguments, not 1\n    w = "uniform(1)"\n         ^^^^^^^',
    ),
    "a random parameter without a call": (
        fit(("w = 0", 'w = "0.1*uniform"')),
        't.toml:6:10: parameters.w: unknown name "uniform"\n'
        '    w = "0.1*uniform"\n'
        "             ^^^^^^^\n"
        "    uniform is a function: write uniform(-1, 1)",
    ),
    "a parameter that nothing uses": (
        fit(("b = 0", "b = 0\nu = 1")),
        "t.toml:8:1: parameters.u: nothing uses this\n"
        "    u = 1\n"
        "    ^\n"
        "    the loss is cost, the last in [loss]; remove this, or use it on the way there",
    ),
    # ---- prediction
    "an unknown name in the prediction": (
        fit(('h = "b + w*x"', 'h = "b + w*z"')),
        't.toml:9:12: prediction.h: unknown name "z"\n'
        '    h = "b + w*z"\n'
        "               ^\n"
        "    known here: x, y, w, b, e, pi, π",
    ),
    "a misspelt name": (
        fit(("w = 0", "weight = 0"), ('h = "b + w*x"', 'h = "b + wieght*x"')),
        't.toml:9:10: prediction.h: unknown name "wieght"\n'
        '    h = "b + wieght*x"\n'
        "             ^^^^^^\n"
        '    did you mean "weight"?',
    ),
    "an unknown function": (
        fit(('h = "b + w*x"', 'h = "b + sinus(w*x)"')),
        't.toml:9:10: prediction.h: unknown function "sinus"\n'
        '    h = "b + sinus(w*x)"\n'
        "             ^^^^^\n"
        '    did you mean "sin"?',
    ),
    "a random prediction": (
        fit(('h = "b + w*x"', 'h = "b + w*x + normal()"')),
        "t.toml:9:1: prediction.h: normal is a function of [data]\n"
        '    h = "b + w*x + normal()"\n'
        "    ^\n"
        "    make it a column of [data], and use that column in [prediction]",
    ),
    "a prediction that is a number": (
        fit(('h = "b + w*x"', "h = 3")),
        't.toml:9:1: prediction.h: this has no operation, so it makes no node\n    h = 3\n    ^\n    such as "b + w*x"',
    ),
    "a prediction that is another name": (
        fit(('h = "b + w*x"', 'h = "x"')),
        "t.toml:9:1: prediction.h: this has no operation, so it makes no node\n"
        '    h = "x"\n'
        "    ^\n"
        '    such as "b + w*x"',
    ),
    "a prediction made of itself": (
        fit(('h = "b + w*x"', 'h = "h + w*x + b"')),
        't.toml:9:1: prediction.h: a cycle: h → h; a node cannot depend on itself\n    h = "h + w*x + b"\n    ^',
    ),
    "a prediction without data": (
        fit(('h = "b + w*x"', 'h = "b + w"')),
        "t.toml:9:1: prediction.h: this uses no column of [data], so it would be the same for each sample\n"
        '    h = "b + w"\n'
        "    ^",
    ),
    "a mean in the prediction": (
        fit(('h = "b + w*x"', 'h = "b + w*(x - mean(x))"')),
        "t.toml:9:1: prediction.h: mean of one thing is that thing: a prediction is computed for one sample\n"
        '    h = "b + w*(x - mean(x))"\n'
        "    ^\n"
        "    over all samples, mean belongs to [loss], or to [data] where it needs no parameter",
    ),
    "l2 in the prediction": (
        fit(('h = "b + w*x"', 'h = "b + w*x + l2"')),
        't.toml:9:16: prediction.h: unknown name "l2"\n'
        '    h = "b + w*x + l2"\n'
        "                   ^^\n"
        "    l2, the sum of the squares of all parameters, belongs to [loss]",
    ),
    "a prediction that nothing uses": (
        fit(('h = "b + w*x"', 'k = "2*x"\nh = "b + w*x"')),
        "t.toml:9:1: prediction.k: nothing uses this\n"
        '    k = "2*x"\n'
        "    ^\n"
        "    the loss is cost, the last in [loss]; remove this, or use it on the way there",
    ),
    "an answer that nothing trains": (
        fit(('h = "b + w*x"', 'h = "b + w*x"\nk = "2*x"')),
        "t.toml:10:1: prediction.k: this uses no parameter, so training does not change it\n"
        '    k = "2*x"\n'
        "    ^\n"
        "    the last of [prediction] is the model's answer; move this up, or remove it",
    ),
    "a parameter that only the answer uses": (
        fit(("b = 0", "b = 0\nu = 1"), ('h = "b + w*x"', 'h = "b + w*x"\nk = "u*h"')),
        "t.toml:8:1: parameters.u: only k uses this, not the loss, so training does not change it\n"
        "    u = 1\n"
        "    ^\n"
        "    the loss is cost, the last in [loss]; remove this, or use it on the way there",
    ),
    "batches without data": (
        'title = "T"\n[parameters]\nw = 1\n[loss]\nf = "w^2"\n[training]\nlearning_rate = 0.1\nbatch_size = 2\n',
        "t.toml:8:1: training.batch_size: there are no samples to draw batches from\n"
        "    batch_size = 2\n"
        "    ^^^^^^^^^^\n"
        "    leave it out, or add [data]",
    ),
    "a loss without data of something else": (
        'title = "T"\n[parameters]\nw = 1\n[loss]\nf = "w^2 + x"\n[training]\nlearning_rate = 0.1\n',
        't.toml:5:12: loss.f: unknown name "x"\n    f = "w^2 + x"\n               ^\n    known here: w, l2, e, pi, π',
    ),
    "a prediction with an error in it": (
        fit(('h = "b + w*x"', 'h = "b + w x"')),
        't.toml:9:12: prediction.h: unexpected "x"\n'
        '    h = "b + w x"\n'
        "               ^\n"
        "    an operator is missing: for a product write w*x",
    ),
    "a prediction that is a list": (
        fit(('h = "b + w*x"', "h = [1]")),
        "t.toml:9:5: prediction.h: this must be a number or an expression in quotes, not a list\n"
        "    h = [1]\n"
        "        ^^^",
    ),
    # ---- loss
    "a loss that is a column": (
        fit(('cost = "mean((h - y)^2)"', 'cost = "(h - y)^2"')),
        "t.toml:11:1: loss.cost: this has a value for each sample, and a loss is one number\n"
        '    cost = "(h - y)^2"\n'
        "    ^^^^\n"
        "    write mean(...) or sum(...) around it",
    ),
    "a loss without the prediction": (
        fit(('cost = "mean((h - y)^2)"', 'cost = "mean(y^2)"')),
        "t.toml:11:1: loss.cost: this does not use the prediction, h\n"
        '    cost = "mean(y^2)"\n'
        "    ^^^^\n"
        '    a loss says how wrong the prediction is, such as "mean((h - y)^2)"',
    ),
    "a loss without data": (
        fit(('cost = "mean((h - y)^2)"', 'cost = "w^2 + b^2"')),
        "t.toml:11:1: loss.cost: this does not use the prediction, h\n"
        '    cost = "w^2 + b^2"\n'
        "    ^^^^\n"
        '    a loss says how wrong the prediction is, such as "mean((h - y)^2)"',
    ),
    "a loss that is a number": (
        fit(('cost = "mean((h - y)^2)"', "cost = 3")),
        "t.toml:11:1: loss.cost: this has no operation, so it makes no node\n"
        "    cost = 3\n"
        "    ^^^^\n"
        '    such as "mean((h - y)^2)"',
    ),
    "a loss that is another name": (
        fit(('cost = "mean((h - y)^2)"', 'cost = "h"')),
        "t.toml:11:1: loss.cost: this has no operation, so it makes no node\n"
        '    cost = "h"\n'
        "    ^^^^\n"
        '    such as "mean((h - y)^2)"',
    ),
    "a node of the loss that nothing uses": (
        fit(('cost = "mean((h - y)^2)"', 'spare = "mean(h)"\ncost = "mean((h - y)^2)"')),
        "t.toml:11:1: loss.spare: nothing uses this\n"
        '    spare = "mean(h)"\n'
        "    ^^^^^\n"
        "    the loss is cost, the last in [loss]; remove this, or use it on the way there",
    ),
    "a node of the loss that uses its last": (
        fit(('cost = "mean((h - y)^2)"', 'cost = "mean(q)"\nq = "(h - y)^2"')),
        "t.toml:11:1: loss.cost: nothing uses this\n"
        '    cost = "mean(q)"\n'
        "    ^^^^\n"
        "    the loss is q, the last in [loss]; remove this, or use it on the way there",
    ),
    "a loss in a circle": (
        fit(('cost = "mean((h - y)^2)"', 'q = "mean(h)*cost"\ncost = "mean((h - y)^2) + q"')),
        't.toml:11:1: loss.q: a cycle: q → cost → q; a node cannot depend on itself\n    q = "mean(h)*cost"\n    ^',
    ),
    "an unknown name in the loss": (
        fit(('cost = "mean((h - y)^2)"', 'cost = "mean((h - target)^2)"')),
        't.toml:11:19: loss.cost: unknown name "target"\n'
        '    cost = "mean((h - target)^2)"\n'
        "                      ^^^^^^\n"
        "    known here: x, y, w, b, h, l2, e, pi, π",
    ),
    "a random loss": (
        fit(('cost = "mean((h - y)^2)"', 'cost = "mean((h - y)^2) + normal()"')),
        "t.toml:11:1: loss.cost: normal is a function of [data]\n"
        '    cost = "mean((h - y)^2) + normal()"\n'
        "    ^^^^\n"
        "    make it a column of [data], and use that column in [loss]",
    ),
    # ---- layers
    "a layer that is a number": (
        "layers = {k = 3}\n" + FIT,
        "t.toml:1:15: layers.k: this must be a table, not a whole number\n    layers = {k = 3}\n                  ^",
    ),
    "a layer without inputs": (
        net(('inputs = "x"\n', "")),
        't.toml:5:2: layers.h: the key inputs is missing\n    [layers.h]\n     ^^^^^^^^\n    such as inputs = "x"',
    ),
    "a layer of no inputs": (
        net(('inputs = "x"', "inputs = []")),
        "t.toml:6:1: layers.h.inputs: a layer needs at least one input\n    inputs = []\n    ^^^^^^",
    ),
    "inputs that are a number": (
        net(('inputs = "x"', "inputs = 3")),
        "t.toml:6:10: layers.h.inputs: this must be a name in quotes or a list of them, not a whole number\n"
        "    inputs = 3\n"
        "             ^",
    ),
    "an unknown input": (
        net(('inputs = "x"', 'inputs = ["x", "z"]')),
        't.toml:6:1: layers.h.inputs: "z" is neither a data column nor a layer above this one\n'
        '    inputs = ["x", "z"]\n'
        "    ^^^^^^\n"
        "    known here: x, y",
    ),
    "a misspelt input": (
        net(("x = [1, 2, 3]", "height = [1, 2, 3]"), ('inputs = "x"', 'inputs = "heigth"')),
        't.toml:6:1: layers.h.inputs: "heigth" is neither a data column nor a layer above this one\n'
        '    inputs = "heigth"\n'
        "    ^^^^^^\n"
        '    did you mean "height"?',
    ),
    "a layer that comes later": (
        net(('inputs = "x"', 'inputs = "out"')),
        't.toml:6:1: layers.h.inputs: "out" is neither a data column nor a layer above this one\n'
        '    inputs = "out"\n'
        "    ^^^^^^\n"
        "    known here: x, y",
    ),
    "an input that stands twice": (
        net(('inputs = "x"', 'inputs = ["x", "x"]')),
        't.toml:6:1: layers.h.inputs: "x" stands here twice\n    inputs = ["x", "x"]\n    ^^^^^^',
    ),
    "no units": (
        net(("units = 3", "units = 0")),
        "t.toml:7:9: layers.h.units: this must be at least 1\n    units = 0\n            ^",
    ),
    "too many units": (
        net(("units = 3", "units = 10001")),
        "t.toml:7:9: layers.h.units: this must be at most 10,000\n    units = 10001\n            ^^^^^",
    ),
    "units that are text": (
        net(("units = 3", 'units = "three"')),
        't.toml:7:9: layers.h.units: this must be a whole number, not text\n    units = "three"\n            ^^^^^^^',
    ),
    "a misspelt key": (
        net(("units = 3", "unit = 3")),
        't.toml:7:1: layers.h.unit: unknown key\n    unit = 3\n    ^^^^\n    did you mean "units"?',
    ),
    "an unknown activation": (
        net(('"tanh"', '"swish"')),
        't.toml:8:1: layers.h.activation: "swish" is not a function of one argument\n'
        '    activation = "swish"\n'
        "    ^^^^^^^^^^\n" + ACTIVATIONS,
    ),
    "a misspelt activation": (
        net(('"tanh"', '"thanh"')),
        't.toml:8:1: layers.h.activation: "thanh" is not a function of one argument\n'
        '    activation = "thanh"\n'
        "    ^^^^^^^^^^\n"
        '    did you mean "tanh"?',
    ),
    "an activation of two arguments": (
        net(('"tanh"', '"max"')),
        't.toml:8:1: layers.h.activation: "max" is not a function of one argument\n'
        '    activation = "max"\n'
        "    ^^^^^^^^^^\n" + ACTIVATIONS,
    ),
    "an activation that is an operation": (
        net(('"tanh"', '"add"')),
        't.toml:8:1: layers.h.activation: "add" is not a function of one argument\n'
        '    activation = "add"\n'
        "    ^^^^^^^^^^\n" + ACTIVATIONS,
    ),
    "an activation that is a number": (
        net(('"tanh"', "3")),
        "t.toml:8:14: layers.h.activation: this must be text in quotes, not a whole number\n"
        "    activation = 3\n"
        "                 ^",
    ),
    "weights that are wrong": (
        net(("units = 3", 'units = 3\nweights = "uniform(0)"')),
        "t.toml:8:12: layers.h.weights: uniform takes 2 arguments, not 1\n"
        '    weights = "uniform(0)"\n'
        "               ^^^^^^^",
    ),
    "weights that are not finite": (
        net(("units = 3", 'units = 3\nweights = "ln(0)"')),
        "t.toml:8:11: layers.h.weights: a parameter must start as a finite number\n"
        '    weights = "ln(0)"\n'
        "              ^^^^^^^",
    ),
    "a bias that is a name": (
        net(("units = 3", 'units = 3\nbias = "x"')),
        't.toml:8:9: layers.h.bias: unknown name "x"\n    bias = "x"\n            ^\n    known here: e, pi, π',
    ),
    "a last layer of several units": (
        net(('inputs = "h"\n', 'inputs = "h"\nunits = 2\n')),
        "t.toml:9:2: layers.out: a prediction is one number, and this layer, the last, has several units\n"
        "    [layers.out]\n"
        "     ^^^^^^^^^^\n"
        "    add a layer of one unit, or a [prediction]",
    ),
    "a layer of several units used as one": (
        net(("[loss]", '[prediction]\np = "2*h"\n[loss]')),
        't.toml:12:8: prediction.p: unknown name "h"\n'
        '    p = "2*h"\n'
        "           ^\n"
        "    this layer has several units: h_1, h_2, h_3",
    ),
    "a layer that is not used whole": (
        net(('[layers.out]\ninputs = "h"', '[prediction]\nout = "2*h_1"')),
        "t.toml:5:2: layers.h: nothing uses h_2, h_3\n"
        "    [layers.h]\n"
        "     ^^^^^^^^\n"
        "    the loss is cost, the last in [loss]; remove this, or use it on the way there",
    ),
    "a layer that nothing uses": (
        net(("[layers.out]", '[layers.spare]\ninputs = "h"\n[layers.out]')),
        "t.toml:9:2: layers.spare: nothing uses this\n"
        "    [layers.spare]\n"
        "     ^^^^^^^^^^^^\n"
        "    the loss is cost, the last in [loss]; remove this, or use it on the way there",
    ),
    "a unit called like a column": (
        net(("x = [1, 2, 3]", "x = [1, 2, 3]\nh_2 = 1")),
        "t.toml:6:2: layers.h: a name that this layer makes is taken: h_2\n"
        "    [layers.h]\n"
        "     ^^^^^^^^\n"
        "    rename the layer, or the other",
    ),
    "a unit called like a layer": (
        net(("[layers.out]", '[layers.h_2]\ninputs = "x"\n[layers.out]')),
        "t.toml:5:2: layers.h: a name that this layer makes is taken: h_2\n"
        "    [layers.h]\n"
        "     ^^^^^^^^\n"
        "    rename the layer, or the other",
    ),
    "a weight called like a parameter": (
        net(("[layers.h]", "[parameters]\nw_out_h_1 = 0\n[layers.h]")),
        "t.toml:11:2: layers.out: a name that this layer makes is taken: w_out_h_1\n"
        "    [layers.out]\n"
        "     ^^^^^^^^^^\n"
        "    rename the layer, or the other",
    ),
    "more parameters than a model has": (
        net(("units = 3", "units = 10000"), ('inputs = "h"', 'inputs = "h"\nunits = 10')),
        "t.toml:9:2: layers.out: with this layer there are 120,010 parameters\n"
        "    [layers.out]\n"
        "     ^^^^^^^^^^\n"
        "    a model has at most 100,000",
    ),
    # ---- training
    "no learning rate": (
        fit(("learning_rate = 0.1", "")),
        "t.toml:12:2: training: the key learning_rate is missing\n"
        "    [training]\n"
        "     ^^^^^^^^\n"
        "    such as learning_rate = 0.01",
    ),
    "0 epochs": (
        fit(("epochs = 5", "epochs = 0")),
        "t.toml:14:10: training.epochs: this must be at least 1\n    epochs = 0\n             ^",
    ),
    "half an epoch": (
        fit(("epochs = 5", "epochs = 0.5")),
        "t.toml:14:10: training.epochs: this must be a whole number, not a number\n    epochs = 0.5\n             ^^^",
    ),
    "too many epochs": (
        fit(("epochs = 5", "epochs = 1000001")),
        "t.toml:14:10: training.epochs: this must be at most 1,000,000\n    epochs = 1000001\n             ^^^^^^^",
    ),
    "epochs that are not a number": (
        fit(("epochs = 5", "epochs = nan")),
        "t.toml:14:10: training.epochs: this must be a finite number\n    epochs = nan\n             ^^^",
    ),
    "a batch of nothing": (
        fit(("epochs = 5", "epochs = 5\nbatch_size = 0")),
        "t.toml:15:14: training.batch_size: this must be at least 1\n    batch_size = 0\n                 ^",
    ),
    "a misspelt training key": (
        fit(("epochs = 5", "epochs = 5\nbatchsize = 2")),
        "t.toml:15:1: training.batchsize: unknown key\n"
        "    batchsize = 2\n"
        "    ^^^^^^^^^\n"
        '    did you mean "batch_size"?',
    ),
    "an unknown training key": (
        fit(("epochs = 5", "epochs = 5\nverbose = true")),
        "t.toml:15:1: training.verbose: unknown key\n    verbose = true\n    ^^^^^^^\n" + TRAINING_KEYS,
    ),
    "a training seed below 0": (
        fit(("epochs = 5", "epochs = 5\nseed = -3")),
        "t.toml:15:8: training.seed: this must be at least 0\n    seed = -3\n           ^^",
    ),
    "a misspelt optimizer": (
        fit(("epochs = 5", 'epochs = 5\noptimizer = "adams"')),
        "t.toml:15:1: training.optimizer: there is no such optimizer\n"
        '    optimizer = "adams"\n'
        "    ^^^^^^^^^\n"
        '    did you mean "adam"?',
    ),
    "an unknown optimizer": (
        fit(("epochs = 5", 'epochs = 5\noptimizer = "lion"')),
        "t.toml:15:1: training.optimizer: there is no such optimizer\n"
        '    optimizer = "lion"\n'
        "    ^^^^^^^^^\n"
        "    there are sgd, momentum, adam",
    ),
    "an optimizer that is a number": (
        fit(("epochs = 5", "epochs = 5\noptimizer = 1")),
        "t.toml:15:13: training.optimizer: this must be text in quotes, not a whole number\n"
        "    optimizer = 1\n"
        "                ^",
    ),
    "momentum without its optimizer": (
        fit(("epochs = 5", "epochs = 5\nmomentum = 0.9")),
        't.toml:15:1: training.momentum: the optimizer "sgd" does not use this\n'
        "    momentum = 0.9\n"
        "    ^^^^^^^^\n"
        '    write optimizer = "momentum" as well',
    ),
    "a β of Adam with momentum": (
        fit(("epochs = 5", 'epochs = 5\noptimizer = "momentum"\nbeta2 = 0.99')),
        't.toml:16:1: training.beta2: the optimizer "momentum" does not use this\n'
        "    beta2 = 0.99\n"
        "    ^^^^^\n"
        '    write optimizer = "adam" as well',
    ),
    "momentum of 1": (
        fit(("epochs = 5", 'epochs = 5\noptimizer = "momentum"\nmomentum = 1')),
        "t.toml:16:12: training.momentum: this must be less than 1\n    momentum = 1\n               ^",
    ),
    "momentum below 0": (
        fit(("epochs = 5", 'epochs = 5\noptimizer = "momentum"\nmomentum = -0.5')),
        "t.toml:16:12: training.momentum: this must be at least 0\n    momentum = -0.5\n               ^^^^",
    ),
    "momentum that is not a number": (
        fit(("epochs = 5", 'epochs = 5\noptimizer = "momentum"\nmomentum = nan')),
        "t.toml:16:12: training.momentum: this must be a finite number\n    momentum = nan\n               ^^^",
    ),
    "momentum that is text": (
        fit(("epochs = 5", 'epochs = 5\noptimizer = "momentum"\nmomentum = "0.9"')),
        't.toml:16:12: training.momentum: this must be a number, not text\n    momentum = "0.9"\n               ^^^^^',
    ),
    "an ε of 0": (
        fit(("epochs = 5", 'epochs = 5\noptimizer = "adam"\nepsilon = 0')),
        "t.toml:16:11: training.epsilon: this must be more than 0\n    epsilon = 0\n              ^",
    ),
    "a tolerance below 0": (
        fit(("epochs = 5", "epochs = 5\ntolerance = -1e-3")),
        "t.toml:15:13: training.tolerance: this must be at least 0\n    tolerance = -1e-3\n                ^^^^^",
    ),
    "a target that is not a number": (
        fit(("epochs = 5", "epochs = 5\ntarget_loss = nan")),
        "t.toml:15:15: training.target_loss: this must be a finite number\n"
        "    target_loss = nan\n"
        "                  ^^^",
    ),
    "a threshold that is text": (
        fit(("epochs = 5", 'epochs = 5\nthreshold = "0.5"')),
        "t.toml:15:13: training.threshold: this must be a number, not text\n"
        '    threshold = "0.5"\n'
        "                ^^^^^",
    ),
    "an infinite threshold": (
        fit(("epochs = 5", "epochs = 5\nthreshold = inf")),
        "t.toml:15:13: training.threshold: this must be a finite number\n    threshold = inf\n                ^^^",
    ),
    # ---- learning rates
    "a learning rate of 0": (
        fit(("0.1", "0")),
        "t.toml:13:17: training.learning_rate: the learning rate must be a positive number; it is 0\n"
        "    learning_rate = 0\n"
        "                    ^",
    ),
    "a learning rate below 0": (
        fit(("0.1", "-0.1")),
        "t.toml:13:17: training.learning_rate: the learning rate must be a positive number; it is -0.1\n"
        "    learning_rate = -0.1\n"
        "                    ^^^^",
    ),
    "a learning rate that is not a number": (
        fit(("0.1", "nan")),
        "t.toml:13:17: training.learning_rate: the learning rate must be a positive number; it is nan\n"
        "    learning_rate = nan\n"
        "                    ^^^",
    ),
    "an infinite learning rate": (
        fit(("0.1", '"1/0"')),
        "t.toml:13:17: training.learning_rate: the learning rate must be a positive number; it is inf\n"
        '    learning_rate = "1/0"\n'
        "                    ^^^^^",
    ),
    "a learning rate that is true": (
        fit(("0.1", "true")),
        "t.toml:13:17: training.learning_rate: this must be a number or an expression in quotes, not true or false\n"
        "    learning_rate = true\n"
        "                    ^^^^",
    ),
    "a schedule that is 0 in between": (
        fit(("0.1", '"abs(epoch - 2)"')),
        "t.toml:13:17: training.learning_rate: the learning rate must be a positive number; it is 0 where epoch is 2\n"
        '    learning_rate = "abs(epoch - 2)"\n'
        "                    ^^^^^^^^^^^^^^^^",
    ),
    "a schedule that falls below 0": (
        fit(("0.1", '"1 - epoch/2"')),
        "t.toml:13:17: training.learning_rate: the learning rate must be a positive number; it is 0 where epoch is 2\n"
        '    learning_rate = "1 - epoch/2"\n'
        "                    ^^^^^^^^^^^^^",
    ),
    "a schedule that is undefined at the start": (
        fit(("0.1", '"1/epoch"')),
        "t.toml:13:17: training.learning_rate: the learning rate must be a positive number; it is inf "
        "where epoch is 0\n"
        '    learning_rate = "1/epoch"\n'
        "                    ^^^^^^^^^",
    ),
    "a schedule of something else": (
        fit(("0.1", '"0.1/step_number"')),
        't.toml:13:22: training.learning_rate: unknown name "step_number"\n'
        '    learning_rate = "0.1/step_number"\n'
        "                         ^^^^^^^^^^^\n"
        "    known here: epoch, epochs, e, pi, π",
    ),
    "a schedule of the data": (
        fit(("0.1", '"0.1*x"')),
        't.toml:13:22: training.learning_rate: unknown name "x"\n'
        '    learning_rate = "0.1*x"\n'
        "                         ^\n"
        "    known here: epoch, epochs, e, pi, π",
    ),
    "a schedule that is no expression": (
        fit(("0.1", '"0.1 +"')),
        "t.toml:13:23: training.learning_rate: the expression ends too early\n"
        '    learning_rate = "0.1 +"\n'
        "                          ^\n"
        "    a number, a name or a parenthesis is missing",
    ),
    # ---- size
    "too large a graph": (
        fit(
            ("x = [1, 2, 3]\ny = [3, 5, 8]", 'samples = 1000000\nx = "uniform(0, 1)"\ny = "2*x"'),
            ('h = "b + w*x"', 'h = "b + w*x + sin(x) + cos(x) + exp(x) + tan(x)"'),
        ),
        "t.toml:2:2: data: 1,000,000 samples of about 13 operations each make too large a graph\n"
        "    [data]\n"
        "     ^^^^\n"
        "    a graph has at most about 10,000,000 nodes",
    ),
    "too long a history": (
        net(("units = 3", "units = 5000"), ("epochs = 5", "epochs = 2000")),
        "t.toml:15:10: training.epochs: with 15,001 parameters there can be at most 1,333 epochs\n"
        "    epochs = 2000\n"
        "             ^^^^",
    ),
    # ---- notes
    "a note at no node": (
        FIT + '[notes]\nz = "..."\n',
        't.toml:16:1: notes.z: there is no node "z"\n    z = "..."\n    ^\n    nodes are w, b, cost, x, y, h',
    ),
    "a note at a misspelt node": (
        FIT + '[notes]\nclost = "..."\n',
        't.toml:16:1: notes.clost: there is no node "clost"\n    clost = "..."\n    ^^^^^\n    did you mean "cost"?',
    ),
    "a note at a data column": (
        FIT + '[notes]\nx = "..."\n',
        't.toml:16:1: notes.x: a data column has no step in the walk\n    x = "..."\n    ^',
    ),
    "a note at a derivative of no node": (
        FIT + '[notes]\n"∂h/∂z" = "..."\n',
        't.toml:16:1: notes.∂h/∂z: there is no node "z"\n'
        '    "∂h/∂z" = "..."\n'
        "    ^^^^^^^\n"
        "    nodes are w, b, cost, x, y, h",
    ),
    "a note at a whole derivative": (
        FIT + '[notes]\n"∂cost/∂w" = "..."\n',
        "t.toml:16:1: notes.∂cost/∂w: the walk has no step ∂cost/∂w\n"
        '    "∂cost/∂w" = "..."\n'
        "    ^^^^^^^^^^\n"
        "    a note stands at a local derivative; here by cost",
    ),
    "a note at a derivative of a parameter": (
        FIT + '[notes]\n"∂w/∂h" = "..."\n',
        't.toml:16:1: notes.∂w/∂h: the walk has no step ∂w/∂h\n    "∂w/∂h" = "..."\n    ^^^^^^^',
    ),
    "a note at a derivative by data": (
        FIT + '[notes]\n"∂h/∂x" = "..."\n',
        "t.toml:16:1: notes.∂h/∂x: the walk has no step ∂h/∂x\n"
        '    "∂h/∂x" = "..."\n'
        "    ^^^^^^^\n"
        "    a note stands at a local derivative; here by b",
    ),
    "a note at a sample that is not there": (
        FIT + '[notes]\n"h[4]" = "..."\n',
        't.toml:16:1: notes.h[4]: there is no node "h[4]"\n'
        '    "h[4]" = "..."\n'
        "    ^^^^^^\n"
        "    nodes are w, b, cost, x, y, h",
    ),
    "a note at the update of no parameter": (
        FIT + '[notes]\n"h ←" = "..."\n',
        't.toml:16:1: notes.h ←: h is not trained, so it is never updated\n    "h ←" = "..."\n    ^^^^^',
    ),
    "two notes at one step": (
        FIT + '[notes]\n"∂h/∂b" = "..."\n"dh/db" = "..."\n',
        't.toml:17:1: notes.dh/db: this step has a note already\n    "dh/db" = "..."\n    ^^^^^^^',
    ),
}


@pytest.mark.parametrize(("content", "message"), TABLE.values(), ids=TABLE.keys())
def test_a_bad_file_is_explained(content: str, message: str):
    with pytest.raises(ScenarioError) as caught:
        read("t.toml", content.encode())
    assert str(caught.value) == message


FROM_CSV = fit(("x = [1, 2, 3]\ny = [3, 5, 8]", 'csv = "points.csv"'))
"""Reads x and y from points.csv."""

CSV: dict[str, tuple[str, str]] = {
    "an empty file": ("", "points.csv: the file is empty\n    its first line names the columns: x,y"),
    "a file of blank lines": ("\n \n,,\n", "points.csv: the file is empty\n    its first line names the columns: x,y"),
    "a header alone": (
        "x,y\n",
        "points.csv: the file has a header, but no samples\n    write a line of numbers for each",
    ),
    "numbers without a header": (
        "1,3\n2,5\n",
        "points.csv:1: the columns have no names\n    its first line names the columns: x,y",
    ),
    "semicolons": (
        "x;y\n1,5;3\n",
        'points.csv:1: the cells of this file are separated by ";"\n'
        "    they must be separated by commas, with decimal points: 1.5,2",
    ),
    "tabs": (
        "x\ty\n1\t3\n",
        "points.csv:1: the cells of this file are separated by tabs\n"
        "    they must be separated by commas, with decimal points: 1.5,2",
    ),
    "a column twice": ("x,y,x\n1,3,1\n", 'points.csv:1: two columns are called "x"'),
    "columns that become one name": ("\na b,y,a-b\n1,3,1\n", 'points.csv:2: two columns are called "a_b"'),
    "a row that is too short": ("x,y\n1,3\n2\n", "points.csv:3: this row has 1 cell, but the header has 2"),
    "a row that is too long": ("x,y\n\n1,3,\n", "points.csv:3: this row has 3 cells, but the header has 2"),
    "a text cell": ("x,y\n1,3\ntwo,5\n", 'points.csv:3: "two" is not a number (column x)'),
    "a decimal comma": ('x,y\n"1,5",3\n', 'points.csv:2: "1,5" is not a number (column x)'),
    "an empty cell": ("x,y\n1,3\n2,\n", "points.csv:3: this cell is empty (column y)"),
    "a cell of blanks": ('x,y\n1,"  "\n', "points.csv:2: this cell is empty (column y)"),
    "nan": ("x,y\n1,nan\n", 'points.csv:2: "nan" is not a finite number (column y)'),
    "infinity": ("x,y\n-Infinity,2\n", 'points.csv:2: "-Infinity" is not a finite number (column x)'),
    "a number larger than any float": ("x,y\n1e999,2\n", 'points.csv:2: "1e999" is not a finite number (column x)'),
    "an escape character": ("x,y\n1,\x1b[2J\n", 'points.csv:2: "\\x1b[2J" is not a number (column y)'),
    "a column that is not there": (
        "x,z\n1,2\n",
        't.toml:10:19: loss.cost: unknown name "y"\n    cost = "mean((h - y)^2)"\n                      ^\n'
        "    known here: x, z, w, b, h, l2, e, pi, π",
    ),
    "a column called like a parameter": (
        "x,y,w\n1,2,3\n",
        "t.toml:5:1: parameters.w: defined twice\n    w = 0\n    ^\n"
        "    the CSV file has a column of this name; w_1 is free",
    ),
    "a column called like a node": (
        "x,y,cost\n1,2,3\n",
        't.toml:10:1: loss.cost: defined twice\n    cost = "mean((h - y)^2)"\n    ^^^^\n'
        "    the CSV file has a column of this name; cost_1 is free",
    ),
    "a cell without end": (
        "x,y\n1," + "9" * 200_000 + "\n",
        "points.csv:2: this is not CSV: field larger than field limit (131072)",
    ),
}


class TestCsvFiles:
    @pytest.mark.parametrize(("content", "message"), CSV.values(), ids=CSV.keys())
    def test_a_bad_one_is_explained(self, content: str, message: str, tmp_path: Path):
        (tmp_path / "points.csv").write_bytes(content.encode())
        assert complaint(FROM_CSV, tmp_path) == message

    def test_bytes_that_are_not_utf_8(self, tmp_path: Path):
        (tmp_path / "points.csv").write_bytes(b"x,y\n1,\xe9\n")
        assert complaint(FROM_CSV, tmp_path) == (
            "points.csv:2:3: byte 0xe9 is not UTF-8\n    1,\ufffd\n      ^\n    save the file with the encoding UTF-8"
        )

    def test_more_bytes_than_are_read(self, tmp_path: Path):
        (tmp_path / "points.csv").write_bytes(b"x,y\n" + b" " * MAX_CSV_SIZE)
        assert complaint(FROM_CSV, tmp_path) == (
            't.toml:3:1: data.csv: the file "points.csv" is too large\n    csv = "points.csv"\n    ^^^\n'
            "    a CSV file has at most 20 MB"
        )

    @pytest.mark.thorough
    def test_more_rows_than_there_can_be_samples(self, tmp_path: Path):
        (tmp_path / "points.csv").write_bytes(b"x,y\n" + b"1,2\n" * 1_000_001)
        assert complaint(FROM_CSV, tmp_path) == "points.csv:1000002: there can be 1 to 1,000,000 samples"

    def test_a_list_that_has_not_as_many_samples(self, tmp_path: Path):
        (tmp_path / "points.csv").write_text("x\n1\n2\n")
        content = fit(("x = [1, 2, 3]", 'csv = "points.csv"'))
        assert complaint(content, tmp_path) == (
            "t.toml:3:7: data.csv: the CSV file has 2 samples, but y has 3\n"
            '    csv = "points.csv"\n          ^^^^^^^^^^^^'
        )

    def test_a_column_that_the_scenario_defines_too(self, tmp_path: Path):
        (tmp_path / "points.csv").write_text("x,y\n1,2\n")
        content = fit(("x = [1, 2, 3]\ny = [3, 5, 8]", 'csv = "points.csv"\nx = "2*y"'))
        assert complaint(content, tmp_path).startswith("t.toml:4:1: data.x: defined twice\n")


class TestCsvPaths:
    """What `csv` names may be no file at all."""

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            (
                "points.csv",
                'there is no file "points.csv"\n    csv = "points.csv"\n    ^^^\n'
                "    its path is taken from the folder of the scenario file",
            ),
            ("no/where.csv", 'there is no file "no/where.csv"'),
            ("", '"" is not a file\n    csv = ""\n    ^^^'),
            (".", '"." is not a file\n    csv = "."\n    ^^^'),
            ("x" * 5000, f'the file "{"x" * 59}…" cannot be read: File name too long'),
            ("a\\u0000b", "the character U+0000 cannot stand in a text"),
        ],
        ids=["missing", "no folder", "empty", "a folder", "long", "NUL"],
    )
    def test_a_path_that_leads_nowhere(self, name: str, message: str, tmp_path: Path):
        content = FROM_CSV.replace("points.csv", name)
        assert complaint(content, tmp_path).startswith(f"t.toml:3:1: data.csv: {message}")

    @pytest.mark.parametrize("name", ["/etc/passwd", "../points.csv", "data/../../points.csv"])
    def test_a_path_that_leaves_the_folder(self, name: str, tmp_path: Path):
        assert complaint(FROM_CSV.replace("points.csv", name), tmp_path) == (
            f't.toml:3:1: data.csv: "{name}" lies elsewhere\n    csv = "{name}"\n    ^^^\n'
            "    a CSV file lies beside the scenario file, or in a folder below it"
        )

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_a_pipe_that_nobody_writes_to(self, tmp_path: Path):
        os.mkfifo(tmp_path / "points.csv")
        assert '"points.csv" is not a file' in complaint(FROM_CSV, tmp_path)

    def test_a_link_to_itself(self, tmp_path: Path):
        (tmp_path / "points.csv").symlink_to(tmp_path / "points.csv")
        assert complaint(FROM_CSV, tmp_path).startswith("t.toml:3:1: data.csv: ")

    def test_a_file_in_another_folder_is_found_from_the_folder_of_the_scenario(self, tmp_path: Path):
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "points.csv").write_text("x,y\n1,2\n3,4\n")
        scenario = opened(FROM_CSV.replace("points.csv", "data/points.csv"), tmp_path)
        assert scenario.data["y"].tolist() == [2, 4]


def complaint(content: str, folder: Path) -> str:
    """The message for a file, without the folder."""
    with pytest.raises(ScenarioError) as caught:
        read("t.toml", content.encode(), folder)
    return str(caught.value).replace(f"{folder}{os.sep}", "")


SCENARIOS = Path(__file__).parents[2] / "scenarios"
TRAINED = {name: (SCENARIOS / f"{name}.toml").read_text() for name in ("regression", "polynomial", "logistic", "xor")}
FRAGMENTS = [
    *("", '"', "'", "[", "]", "{", "}", "=", ".", ",", "(", ")", "\n", "#", "\\", "∂", "²", "é", "-", "*"),
    *("nan", "inf", "1e999", "0", "-1", "true", "99999999999999999999", "e", "y", "mean", "l2", "uniform(0, 1)"),
    *("[data]\n", "[loss]\n", "[layers]\n", "csv = ''\n", "samples = 2\n", "batch_size = 3\n", "epochs = 1\n"),
]


class TestAtRandom:
    """Whatever a file holds: a scenario that trains, or a ScenarioError, never anything else."""

    @given(
        st.sampled_from([*TRAINED.values(), FIT, NET]),
        st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(FRAGMENTS)), min_size=1, max_size=3),
    )
    def test_good_files_with_a_few_characters_changed(self, text: str, changes: list[tuple[float, int, str]]):
        for where, removed, put_in in changes:
            start = int(where * len(text))
            text = text[:start] + put_in + text[start + removed :]
        self.try_training(text)

    @given(st.sampled_from([*TRAINED.values(), FIT, NET]), st.randoms(use_true_random=False))
    def test_good_files_with_their_lines_shuffled(self, text: str, random):
        lines = text.split("\n")
        first, second = random.randrange(len(lines)), random.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
        self.try_training("\n".join(lines))

    @given(st.sampled_from([*TRAINED.values(), FIT, NET]), st.data())
    def test_good_files_with_values_of_other_kinds(self, text: str, data: st.DataObject):
        lines = text.split("\n")
        place = data.draw(st.sampled_from([place for place, line in enumerate(lines) if "=" in line]))
        value = data.draw(
            st.sampled_from(["3", "-1", "0.5", "nan", '"x"', '""', "[]", "[1, 2]", "{}", "true", "1979-05-27"])
        )
        lines[place] = f"{lines[place].partition('=')[0]}= {value}"
        self.try_training("\n".join(lines))

    @staticmethod
    def try_training(text: str) -> None:
        try:
            scenario = read("t.toml", text.encode("utf-8", "replace"))
        except GradwalkError as error:
            assert isinstance(error, ScenarioError)
            assert all(line.isprintable() for line in str(error).splitlines())
            return
        if isinstance(scenario, TrainingScenario):
            trainer = scenario.trainer()
            trainer.train_epoch()
            assert trainer.trace(0).step(1)
            assert len(trainer.history) == 2 or trainer.ended

    @given(st.binary(max_size=60))
    def test_any_bytes_as_a_csv_file(self, tmp_path_factory: pytest.TempPathFactory, content: bytes):
        self.try_csv(tmp_path_factory, content)

    @given(
        st.lists(
            st.lists(st.sampled_from(["1", "-2.5", "x", "y", "", '"', " ", "nan", "\r", ";"]), max_size=4), max_size=5
        )
    )
    def test_any_cells_as_a_csv_file(self, tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]):
        self.try_csv(tmp_path_factory, "\n".join(["x,y", *map(",".join, rows)]).encode())

    @staticmethod
    def try_csv(folders: pytest.TempPathFactory, content: bytes) -> None:
        folder = folders.mktemp("csv", numbered=True)
        (folder / "points.csv").write_bytes(content)
        try:
            columns = opened(FROM_CSV, folder).data
        except ScenarioError as error:
            assert all(line.isprintable() for line in str(error).splitlines())
        else:
            assert len(columns["x"]) == len(columns["y"]) > 0
