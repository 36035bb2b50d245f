"""The source gate: what is no bounded, readable Python file goes no further."""

import pytest

from Backtest.safety.gate import MAX_SOURCE_BYTES, source_text
from Backtest.safety.scan import scan


def first(source):
    finding = scan(source).findings[0]
    return finding.rule, finding.line


@pytest.mark.parametrize(
    ("source", "rule", "line"),
    [
        (b"x = 1\n" * 3_000_000, "source-size", 1),
        (b"x = 1\ny = '\xff\xfe'\n", "source-encoding", 2),
        ("x = 1\ny = '\ud800'\n", "source-encoding", 2),
        (b"# -*- coding: utf-7 -*-\nx = 1\n", "source-coding-line", 1),
        (b"\n# vim: set fileencoding=latin-1 :\nx = 1\n", "source-coding-line", 2),
        (b"x = 1\ny = '\x00'\n", "source-character", 2),
        ("x = 'a\u202e b'\n", "source-character", 1),
        ("x = 1  # \u2066\n", "source-character", 1),
        ("x = '\x1b[2J'\n", "source-character", 1),
        ("x = '\x85'\n", "source-character", 1),
        ("x = " + "1 + " * 9000 + "1\n", "source-line-length", 1),
        ("x = a" + ".b" * 5000 + "\n", "source-nesting", 1),
        ("x = " + "1+" * 2000 + "1\n", "source-nesting", 1),
        ("x = " + "(" * 250 + ")" * 250 + "\n", "syntax", 1),
        ("x = " + "-" * 9000 + "1\n", "source-nesting", 1),
        ("x = 1\nif x\n", "syntax", 2),
        ("x = " + "9" * 5000 + "\n", "syntax", 1),
        ("  x = 1\n", "syntax", 1),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 and value.isprintable() else "",
)
def test_a_source_that_is_no_clean_python_is_refused_at_its_line(source, rule, line):
    assert first(source) == (rule, line)


def test_the_largest_source_is_taken_and_one_byte_more_is_not():
    line = b"x = 1\n"
    source = line * (MAX_SOURCE_BYTES // len(line))
    source += b"#" * (MAX_SOURCE_BYTES - len(source))
    assert scan(source).ok
    assert first(source + b"#") == ("source-size", 1)


def test_the_size_of_a_text_is_counted_in_bytes():
    assert first("#" + "é" * (MAX_SOURCE_BYTES // 2)) == ("source-size", 1)


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbfx = 1\r\ny = 2\r\n",
        "\ufeffx = 1\n",
        b"# -*- coding: UTF-8 -*-\nx = 1\n",
        b"# coding=utf_8\nx = 1\n",
        "# \u7b56\u7565 \U0001f680\nmédia = '\u2028'\n\x0c\ny = 1\tif média else 2\n",
        b"x = 1\n\n# coding: latin-1, said on the third line, means nothing\n",
        b"",
        b"x = '\\d'\n",
    ],
)
def test_harmless_peculiarities_are_taken(source):
    assert scan(source).findings == ()


def test_the_text_of_a_file_is_given_without_its_byte_order_mark():
    assert source_text(b"\xef\xbb\xbfx = 1\r\n") == "x = 1\r\n"


def test_a_hidden_character_does_not_hide_what_follows():
    report = scan("x = '\u202e'\nimport os\n")
    assert [(finding.rule, finding.line) for finding in report.findings] == [("source-character", 1), ("import", 2)]
