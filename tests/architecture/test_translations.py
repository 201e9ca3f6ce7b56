"""English and Chinese are equals: every text has its translation, with the same placeholders."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "telesales/translations/zh/LC_MESSAGES/messages.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def read_catalogue():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh")


def test_every_text_of_the_code_is_in_chinese_too() -> None:
    catalogue = read_catalogue()
    found = {
        message[2] if isinstance(message[2], str) else message[2][0]
        for message in extract_from_dir(ROOT / "telesales", METHODS)
    }

    missing = sorted(text for text in found if text not in catalogue or not all(_strings(catalogue[text])))

    assert not missing


def test_translations_keep_the_placeholders() -> None:
    broken = [
        message.id
        for message in read_catalogue()
        if message.id
        for text in _strings(message)
        if text and {*_PLACEHOLDER.findall(_plural(message.id))} != {*_PLACEHOLDER.findall(text)}
    ]

    assert not broken


def _strings(message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _plural(text) -> str:
    return text if isinstance(text, str) else text[-1]
