"""Our fields, and what suppliers call them."""

import re
from enum import StrEnum


class Field(StrEnum):
    """What a column of a file can be."""

    NUMBER = "number"
    NAME = "name"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    LATIN_NAME = "latin_name"
    COMPANY = "company"
    EMAIL = "email"
    ADDRESS = "address"
    CITY = "city"
    STATE = "state"
    POSTAL_CODE = "postal_code"
    COUNTRY = "country"
    LANGUAGE = "language"
    EXTERNAL_ID = "external_id"


CUSTOM_PREFIX = "custom."  # "custom.Plan": the column is kept under its own name

_HEADINGS = {
    Field.NUMBER: "phone number|phone|telephone|telephone number|tel|mobile|mobile phone|mobile number|cell|cell phone"
    "|cellphone|contact number|contact phone|primary phone|phone no|tel no|home phone|work phone|business phone"
    "|phone 1|number|telefon|telefonnummer|telefono|telephone no"
    "|电话|电话号码|手机|手机号|手机号码|联系电话|联系方式|移动电话|座机|電話|電話號碼|手機|手機號碼|聯絡電話|號碼|号码",
    Field.NAME: "name|full name|contact name|customer name|client name|lead name|contact|contact person|person"
    "|姓名|名字|客户姓名|客户名|客户名称|联系人|联系人姓名|名称|全名|客戶姓名|聯絡人|名稱",
    Field.FAMILY_NAME: "last name|family name|surname|lname|name last|nachname|姓|姓氏",
    Field.GIVEN_NAME: "first name|given name|forename|fname|name first|vorname|名",
    Field.LATIN_NAME: "latin name|english name|pinyin|romanized name|name in english|拼音|姓名拼音|英文名|英文姓名",
    Field.COMPANY: "company|company name|organisation|organization|organisation name|organization name|business"
    "|business name|employer|firm|firma|account name|公司|公司名称|单位|单位名称|企业名称|公司名稱|單位",
    Field.EMAIL: "email|e mail|email address|mail|e mail address|邮箱|电子邮件|电子邮箱|邮件|郵箱|電子郵件",
    Field.ADDRESS: "address|street|street address|address 1|address line 1|mailing address|addr|postal address|strasse"
    "|地址|联系地址|详细地址|街道|通讯地址|聯絡地址",
    Field.CITY: "city|town|municipality|locality|city name|ort|stadt|城市|市|所在城市|地市",
    Field.STATE: "state|province|state province|state or province|st|county state|bundesland|省|省份|州|所在省份",
    Field.POSTAL_CODE: "zip|zip code|zipcode|postal code|postcode|post code|zip postal code|plz|邮编|邮政编码|郵遞區號",
    Field.COUNTRY: "country|country code|nation|country region|land|国家|国家代码|国家地区|國家",
    Field.LANGUAGE: "language|lang|preferred language|spoken language|语言|首选语言|語言",
    Field.EXTERNAL_ID: "id|external id|customer id|client id|lead id|record id|account number|customer number|reference"
    "|ref|uid|编号|客户编号|客户号|会员号|編號",
}
EXACT = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split("|")}
# A heading that ends like this is probably the field; checked after the exact ones.
ENDINGS = {"name": Field.NAME, "id": Field.EXTERNAL_ID, "phone": Field.NUMBER, "phone number": Field.NUMBER,
           "mobile": Field.NUMBER, "telephone": Field.NUMBER, "email": Field.EMAIL, "电话": Field.NUMBER,
           "手机": Field.NUMBER, "手机号": Field.NUMBER, "地址": Field.ADDRESS, "姓名": Field.NAME}  # fmt: skip
# These look like a field and are another thing.
NOT_A_FIELD = re.compile(
    r"\b(fax|county|agent|user|file|product|plan|campaign|source|owner|school)\b|传真|傳真|产品|套餐"
)
_BETWEEN_WORDS = re.compile(r"[^\w]+|_|(?<=[a-z])(?=[A-Z])")


def normal_heading(heading: str) -> str:
    """Words of a heading in small letters: "PhoneNumber", "phone_number" and "Phone No." alike."""
    return " ".join(_BETWEEN_WORDS.sub(" ", heading).casefold().split())


def field_of_heading(heading: str) -> tuple[Field | None, bool]:
    """The field that a heading names, and whether it says so plainly."""
    words = normal_heading(heading)
    if words in EXACT:
        return EXACT[words], True
    if NOT_A_FIELD.search(words):
        return None, False
    endings = (field for ending, field in ENDINGS.items() if words.endswith(_ending(ending)))
    return next(endings, None), False


def _ending(words: str) -> str:
    return f" {words}" if words.isascii() else words
