"""Countries and languages as files write them."""

from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

MAX_LANGUAGE = 10
WRITTEN_IN = ("en", "zh", "zh_Hant", "de", "fr", "es")
OTHER_NAMES = {"usa": "US", "u s a": "US", "u s": "US", "america": "US", "united states of america": "US", "uk": "GB",
               "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB", "prc": "CN", "china mainland": "CN",
               "中国大陆": "CN", "大陆": "CN", "holland": "NL", "hong kong": "HK", "香港": "HK", "中国香港": "HK", "macau": "MO", "macao": "MO", "澳门": "MO", "korea": "KR"}  # fmt: skip
OTHER_LANGUAGES = {"mandarin": "zh", "普通话": "zh", "汉语": "zh", "华语": "zh", "cantonese": "yue"}


def _plain(text: str) -> str:
    return " ".join(text.replace(".", " ").casefold().split())


@lru_cache(maxsize=4096)
def country_of(text: str) -> str | None:
    """ISO 3166 code of a country as a person or a program writes it; None when it is none."""
    return _countries().get(_plain(text))


@lru_cache(maxsize=4096)
def language_of(text: str) -> str | None:
    """Code of a language."""
    return _languages().get(_plain(text))


@cache
def _countries() -> dict[str, str]:
    english = _names_in("en", "territories")
    codes = {code for code in english if len(code) == 2 and code.isalpha()} - {"ZZ", "EU", "UN", "EZ"}
    found = _by_name("territories", codes)
    for alias, meant in get_global("territory_aliases").items():  # USA, GBR …
        if len(alias) == 3 and alias.isalpha() and len(meant) == 1:
            found[alias.casefold()] = meant[0]
    return found | {code.casefold(): code for code in codes} | OTHER_NAMES


@cache
def _languages() -> dict[str, str]:
    codes = {code for code in _names_in("en", "languages") if len(code) <= MAX_LANGUAGE}
    return _by_name("languages", codes) | {code.casefold(): code for code in codes} | OTHER_LANGUAGES


def _names_in(language: str, kind: str) -> dict[str, str]:
    names: dict[str, str] = getattr(Locale.parse(language), kind)
    return names


def _by_name(kind: str, codes: set[str]) -> dict[str, str]:
    """Codes by their names in all languages; the first language wins where names collide."""
    return {
        _plain(name): code
        for language in reversed(WRITTEN_IN)
        for code, name in sorted(_names_in(language, kind).items())
        if code in codes
    }
