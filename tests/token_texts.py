"""Texts on which two counters of tokens may well differ."""

from __future__ import annotations

import random

_TEXTS = [
    "",
    " ",
    "hello world",
    "Hoe laat is 't? 's-Hertogenbosch, zo'n Ĳsselmeer, coëfficiënt, vóór €\u00a01,-",
    "it's IT'S we'Re they'LL he'D i'm you'VE it'ſ 'ſa",
    "\ufeffmark at the start and inside \ufeff\ufeff",
    "next line \x85\x85 b\u2028c\u2029d\u200b\u200d\u3000e",
    "<|endoftext|> <|im_start|>user<|im_end|><|fim_prefix|>",
    "e\u0301\u0301 ï\u0308 a\u20dd",
    "\r\n\r\n  x\n \n\t\t y \n",
    "tail   ",
    "\x00\x01\x1b[31m\x1c\x1d\x1e\x1f\x7f\x80\x9f",
    "中文，字。日本語です。한국어 조사. العربية ١٢٣٤ हिन्दी १२३४ ไทย",
    "😀👩‍👩‍👧‍👦🇳🇱👍🏽",
    "a\ud83d b\udc00\udc00 \ud83d\ude00 \udfff",
    "1234567 3.14159 0x1F ½ Ⅷ ²",
    "//\n//\r\n/* x */ {}[]();=>!==\n",
    "ǅ ǈ ʰ ª ß ẞ ŉ",
    "a" * 3000,
    " " * 3000,
    "中" * 3000,
    "😀" * 1000,
    "ab" * 2000,
    "-" * 3000,
]


def _mixed() -> list[str]:
    source = random.Random(11)  # noqa: S311  the same texts every time
    alphabet = [
        *map(chr, range(0x20, 0x180)),
        *"\t\n\r\x85\xa0\u1680\u2003\u2028\u3000\ufeff\u0301\u017f\u212a中한あ😀🇳",
        *"\ud800\udbff\udc00\udfff",
    ]
    few = " a\n's/A1\r\t中"
    return [
        "".join(source.choices(letters, k=source.randint(1, 40)))
        for letters in (alphabet, few)
        for _ in range(1500)
    ]


# One of each kind of character there is: every 97th code point, which is no multiple of a block.
_CODES = [f"a{chr(code)}b {chr(code)}{chr(code)}" for code in range(0, 0x110000, 97)]

NASTY = [*_TEXTS, *_mixed(), *_CODES]
