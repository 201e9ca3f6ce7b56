"""English and Chinese are equals: every text has its translation, with the same placeholders and the same words."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "telesales/translations/zh/LC_MESSAGES/messages.po"
GLOSSARY = ROOT / "docs/glossary.md"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
_CHECKED_ROW = re.compile(r"^\| (.+?) \| (.+?) \| ● \|", re.MULTILINE)
_SPACED = re.compile(r"[\u4e00-\u9fff，。：；、] [A-Za-z0-9%{]|[A-Za-z0-9}％] [\u4e00-\u9fff]")
_FORMULA = re.compile(r" / [cC]$")
_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;!?][\u4e00-\u9fff]")


def read_catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh")


def test_every_text_of_the_code_is_in_chinese_too() -> None:
    catalogue = read_catalogue()
    found = {
        (text if isinstance(text, str) else text[0], context)
        for _file, _line, text, _comments, context in extract_from_dir(ROOT / "telesales", METHODS)
    }

    missing = [
        (text, context)
        for text, context in found
        if (message := catalogue.get(text, context)) is None or not all(_strings(message))
    ]

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


def test_no_translation_holds_a_bare_percent_sign_that_a_template_would_read_as_a_placeholder() -> None:
    broken = [
        text
        for message in read_catalogue()
        if message.id
        for text in _strings(message)
        if "%" in _PLACEHOLDER.sub("", text).replace("%%", "")
    ]

    assert not broken


def test_chinese_texts_have_full_width_punctuation() -> None:
    half = [
        text
        for message in read_catalogue()
        if message.id
        for text in _strings(message)
        if _HALF_WIDTH.search(text)
    ]

    assert not half


def test_chinese_texts_have_no_space_beside_latin_letters_and_digits() -> None:
    spaced = [
        text
        for message in read_catalogue()
        if message.id
        for text in _strings(message)
        if _SPACED.search(text) and not _FORMULA.search(text)
    ]

    assert not spaced


def test_the_catalogue_keeps_to_the_words_of_the_glossary() -> None:
    catalogue = read_catalogue()
    rows = _CHECKED_ROW.findall(GLOSSARY.read_text(encoding="utf-8"))

    other_words = [
        (english, chinese)
        for english, chinese in rows
        if english not in catalogue or chinese not in _strings(catalogue[english])
    ]

    assert rows
    assert not other_words


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _plural(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[-1]
