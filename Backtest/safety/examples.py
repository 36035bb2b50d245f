"""For each rule of the scan a file that it refuses, and one that does the same honestly."""

from collections.abc import Mapping
from dataclasses import dataclass

from Backtest.safety.gate import MAX_LINE_CHARACTERS, MAX_SOURCE_BYTES


@dataclass(frozen=True, slots=True)
class Example:
    """`refused` breaks one rule and no other, `accepted` breaks none; `shown` stands for what is too long to show."""

    refused: str | bytes
    accepted: str
    shown: str | None = None


def _in_next(line: str) -> str:
    indented = line.replace("\n", "\n        ")
    return f"from backtesting import Strategy\n\n\nclass Mine(Strategy):\n    def next(self):\n        {indented}\n"


EXAMPLES: Mapping[str, Example] = {
    "source-size": Example(
        b"#" * (MAX_SOURCE_BYTES + 1), "LEVELS = range(30, 71)\n", f"more than {MAX_SOURCE_BYTES // 1024} KiB"
    ),
    "source-encoding": Example(b"name = 'Caf\xe9'\n", "name = 'Café'\n", "name = 'Café' saved as Latin-1"),
    "source-coding-line": Example("# -*- coding: utf-7 -*-\n", "# -*- coding: utf-8 -*-\n"),
    "source-character": Example("note = 'a\u202eb'\n", "note = 'a\\u202eb'\n", "note = 'a<U+202E>b'"),
    "source-line-length": Example(
        "#" * (MAX_LINE_CHARACTERS + 1), "# a line\n", f"a line of more than {MAX_LINE_CHARACTERS:,} characters"
    ),
    "source-nesting": Example("x = " + "-" * 200 + "1\n", "x = -1\n", "x = ----…----1"),
    "syntax": Example("if True\n    pass\n", "if True:\n    pass\n"),
    "import": Example("import os\n", "import math\n"),
    "import-star": Example("from numpy import *\n", "from numpy import mean\n"),
    "module-name": Example("import numpy as np\nnp.save('x', [1])\n", "import numpy as np\nnp.mean([1])\n"),
    "module-value": Example("import numpy as np\ntools = [np]\n", "import numpy as np\ntools = [np.mean]\n"),
    "builtin": Example("eval('1 + 1')\n", "1 + 1\n"),
    "builtin-use": Example("getattr(Mine, 'per' + 'iod')\n", "getattr(Mine, 'period')\n"),
    "dunder": Example("().__class__\n", "type(()).__name__\n"),
    "dunder-definition": Example(
        "class Mine:\n    def __del__(self):\n        pass\n", "class Mine:\n    def close(self):\n        pass\n"
    ),
    "private": Example(_in_next("self._broker"), _in_next("self.equity")),
    "frame": Example("g = (x for x in [1])\ng.gi_frame\n", "g = (x for x in [1])\nlist(g)\n"),
    "file-access": Example(_in_next("self.data.df.to_csv('x')"), _in_next("print(self.data.df)")),
    "code-in-text": Example(_in_next("self.data.df.query('Close > 9')"), _in_next("self.data.df[self.data.Close > 9]")),
    "format": Example("'{0.__class__}'.format(1)\n", "'{0}'.format(1)\n"),
    "text-dispatch": Example(_in_next("self.data.df.agg('to_csv')"), _in_next("self.data.df.agg('mean')")),
    "library-change": Example("import numpy as np\nnp.mean = sum\n", "mean = sum\n"),
    "bars-change": Example(_in_next("self.data.Close[-1] = 1"), _in_next("self.level = self.data.Close[-1]")),
    "class-factory": Example("Mine = type('Mine', (), {})\n", "class Mine:\n    pass\n"),
    "exit": Example(_in_next("exit()"), _in_next("return")),
    "async": Example("async def signal():\n    return 1\n", "def signal():\n    return 1\n"),
    "option": Example(
        "import pandas as pd\npd.set_option('io.excel.xlsx.writer', 'x')\n",
        "import pandas as pd\npd.set_option('display.width', 120)\n",
    ),
    "markup": Example(_in_next("self.buy(tag='<b>dip</b>')"), _in_next("self.buy(tag='dip')")),
    "refused-value": Example("kind = ().__class__\nkind.mro\n", "kind = type(())\nkind.__name__\n"),
}
