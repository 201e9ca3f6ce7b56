"""Where invented people live: cities with numbers reserved for fiction. Pure data."""

from dataclasses import dataclass

US_LINES = 100  # NPA-555-0100 … 0199
UK_LINES = 1000  # the ranges that the regulator keeps for drama


@dataclass(frozen=True, slots=True)
class Place:
    """A city and the beginning of its fictional numbers; `lines` numbers follow."""

    prefix: str
    lines: int
    city: str
    state: str
    postal_code: str
    country: str

    def number(self, line: int) -> str:
        """The nth fictional number of the place."""
        digits = len(str(self.lines - 1))
        return f"{self.prefix}{line:0{digits}}"


_US = """
202 Washington|DC|20001; 212 New York|NY|10001; 213 Los Angeles|CA|90012; 214 Dallas|TX|75201
215 Philadelphia|PA|19103; 206 Seattle|WA|98101; 216 Cleveland|OH|44114; 303 Denver|CO|80202
305 Miami|FL|33130; 312 Chicago|IL|60601; 313 Detroit|MI|48226; 314 St. Louis|MO|63101
317 Indianapolis|IN|46204; 401 Providence|RI|02903; 402 Omaha|NE|68102; 404 Atlanta|GA|30303
405 Oklahoma City|OK|73102; 406 Billings|MT|59101; 410 Baltimore|MD|21202; 412 Pittsburgh|PA|15222
414 Milwaukee|WI|53202; 415 San Francisco|CA|94103; 602 Phoenix|AZ|85004; 501 Little Rock|AR|72201
502 Louisville|KY|40202; 503 Portland|OR|97204; 504 New Orleans|LA|70112; 505 Albuquerque|NM|87102
512 Austin|TX|78701; 513 Cincinnati|OH|45202; 515 Des Moines|IA|50309; 518 Albany|NY|12207
603 Manchester|NH|03101; 605 Sioux Falls|SD|57104; 608 Madison|WI|53703; 612 Minneapolis|MN|55401
614 Columbus|OH|43215; 615 Nashville|TN|37203; 617 Boston|MA|02108; 619 San Diego|CA|92101
702 Las Vegas|NV|89101; 704 Charlotte|NC|28202; 713 Houston|TX|77002; 716 Buffalo|NY|14202
757 Norfolk|VA|23510; 801 Salt Lake City|UT|84101; 802 Burlington|VT|05401; 804 Richmond|VA|23219
808 Honolulu|HI|96813; 816 Kansas City|MO|64106; 843 Charleston|SC|29401; 860 Hartford|CT|06103
901 Memphis|TN|38103; 904 Jacksonville|FL|32202; 907 Anchorage|AK|99501; 916 Sacramento|CA|95814
919 Raleigh|NC|27601; 205 Birmingham|AL|35203; 207 Portland|ME|04101; 208 Boise|ID|83702
302 Wilmington|DE|19801; 307 Cheyenne|WY|82001; 304 Charleston|WV|25301; 316 Wichita|KS|67202
601 Jackson|MS|39201; 701 Fargo|ND|58102; 803 Columbia|SC|29201
"""
_UK = """
2079460 London|EC1A 1BB; 1134960 Leeds|LS1 4AP; 1144960 Sheffield|S1 2HE; 1164960 Leicester|LE1 5YA
1174960 Bristol|BS1 5TR; 1184960 Reading|RG1 3BA; 1214960 Birmingham|B1 1BB; 1314960 Edinburgh|EH1 1YZ
1414960 Glasgow|G1 3SL; 1514960 Liverpool|L1 8JQ; 1614960 Manchester|M1 1AE
1914980 Newcastle upon Tyne|NE1 7RU; 2890180 Belfast|BT1 5GS; 2920180 Cardiff|CF10 1EP
"""


def _entries(text: str) -> list[tuple[str, list[str]]]:
    words = [entry.strip() for entry in text.replace("\n", ";").split(";") if entry.strip()]
    return [(code, rest.split("|")) for code, rest in (entry.split(" ", 1) for entry in words)]


US_PLACES = tuple(
    Place(f"+1{npa}55501", US_LINES, city, state, postal_code, "US")
    for npa, (city, state, postal_code) in _entries(_US)
)
UK_PLACES = tuple(
    Place(f"+44{code}", UK_LINES, city, "", postal_code, "GB") for code, (city, postal_code) in _entries(_UK)
)
PLACES = (*US_PLACES, *UK_PLACES)
