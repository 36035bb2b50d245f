"""The rules of the scan as data: what each refuses, why, and what to write instead."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """`title` is the message of a finding without the name it is about; `instead` is its suggestion."""

    id: str
    title: str
    why: str
    instead: str


_ALL = (
    Rule(
        "source-size",
        "The file is too large",
        "A strategy is a few hundred lines; a larger file costs the scan its time.",
        "Keep the file below 64 KiB: move tables of numbers out, or compute them.",
    ),
    Rule(
        "source-encoding",
        "The file is not UTF-8",
        "What a reader sees and what Python runs must be the same text.",
        "Save the file as UTF-8.",
    ),
    Rule(
        "source-coding-line",
        "The file declares another encoding",
        "In another encoding a harmless comment can be code.",
        "Remove the coding line; UTF-8 needs none.",
    ),
    Rule(
        "source-character",
        "The file holds an invisible control character",
        "It can make code look like a comment or a string.",
        "Remove the character, or write it as an escape such as \\u202e.",
    ),
    Rule(
        "source-line-length",
        "The line is too long",
        "Nobody can review such a line, and the parser may fail on it.",
        "Break the line.",
    ),
    Rule(
        "source-nesting",
        "The code is nested too deeply",
        "Expressions hundreds of levels deep exhaust the parser.",
        "Split the expression into steps, or use a loop or sum().",
    ),
    Rule("syntax", "The file is no valid Python", "It can't run.", "Correct the syntax."),
    Rule(
        "import",
        "This import is not allowed",
        "A strategy needs prices, indicators and arithmetic; files, network and processes are out of its reach.",
        "Use backtesting, talib, numpy, pandas, math, statistics, datetime, collections, itertools or another"
        " calculating module; the bars are in self.data.",
    ),
    Rule(
        "import-star",
        "A star import is not allowed",
        "It hides which names the file uses.",
        "Name what you import: from backtesting.lib import crossover.",
    ),
    Rule(
        "module-name",
        "This part of a module is not allowed",
        "It reaches files, native code, other modules or code in strings.",
        "Use the module's calculating functions; the bars are in self.data, and results are saved for you.",
    ),
    Rule(
        "module-value",
        "A module can't be passed around",
        "The scan would lose sight of what is read from it.",
        "Write the module's name where you use it: np.mean(values).",
    ),
    Rule(
        "builtin",
        "This built-in is not allowed",
        "It runs text as code, opens files, or looks behind the objects of a strategy.",
        "Write the calculation out; the bars are in self.data, and print() goes to the logs.",
    ),
    Rule(
        "builtin-use",
        "This use of a built-in is not allowed",
        "With names made at run time it reaches what could not be reached by writing it down.",
        "Write the attribute down (self.data.Close, or getattr(self, 'period') with a constant public name).",
    ),
    Rule(
        "dunder",
        "This special name is not allowed",
        "It leads from an object to its class, its module and so to everything.",
        "Use the object's public methods; type(x).__name__ gives a class's name.",
    ),
    Rule(
        "dunder-definition",
        "This special method is not allowed",
        "Python calls it behind the run's back, in places where no strategy code should run.",
        "Use ordinary methods; __init__, __repr__, comparisons and arithmetic may be defined.",
    ),
    Rule(
        "private",
        "This private name is not allowed",
        "It belongs to the library: changing it falsifies the result.",
        "Use the public interface: self.position, self.trades, self.orders, self.equity, self.data.",
    ),
    Rule(
        "frame",
        "Frames and code objects are not allowed",
        "They lead out of the strategy into the program that runs it.",
        "Keep what you need in variables or attributes of self.",
    ),
    Rule(
        "file-access",
        "Reading and writing files is not allowed",
        "A strategy computes; its trades and equity are saved by the program that runs it.",
        "Leave it out; print() what you want to see in the logs.",
    ),
    Rule(
        "code-in-text",
        "Code in a string is not allowed",
        "query, eval and the like run text that no scan can read.",
        "Write the condition in Python: df[df['Close'] > 10].",
    ),
    Rule(
        "format",
        "This format string is not allowed",
        "Format fields can read attributes, and from there everything.",
        "Use an f-string, or format() on a constant text with plain fields.",
    ),
    Rule(
        "text-dispatch",
        "This function name in a string is not allowed",
        "agg('name') calls any method by its name, to_csv as well.",
        "Use a plain reduction ('mean', 'sum', 'first', 'last', 'min', 'max', 'std'), or a function.",
    ),
    Rule(
        "library-change",
        "Changing a library is not allowed",
        "Functions and classes of libraries are shared by the program that measures the strategy.",
        "Keep values in attributes of self, and override methods in your own class.",
    ),
    Rule(
        "bars-change",
        "Changing the bars is not allowed",
        "A strategy that writes its own prices measures nothing.",
        "Work on a copy: closes = self.data.Close.copy().",
    ),
    Rule(
        "class-factory",
        "Building classes in this way is not allowed",
        "Metaclasses and type() with three arguments create classes past the scan.",
        "Write a class statement.",
    ),
    Rule(
        "exit",
        "Ending the process is not allowed",
        "A run ends with its last bar; ending the process loses its result.",
        "Return from next(), or close the position with self.position.close().",
    ),
    Rule(
        "async",
        "Asynchronous code is not allowed",
        "A strategy is called once per bar, and nobody awaits it.",
        "Write a plain function.",
    ),
    Rule(
        "option",
        "This option is not allowed",
        "Some options load further modules.",
        "Set display.* and mode.* options only, by a constant name.",
    ),
    Rule(
        "markup",
        "Markup in a name is not allowed",
        "Names and tags are shown in reports.",
        "Use plain text.",
    ),
    Rule(
        "refused-value",
        "This value comes from a refused expression",
        "What begins out of bounds stays out of bounds.",
        "Mend the line that it comes from.",
    ),
)

RULES = {rule.id: rule for rule in _ALL}
