"""A list goes through its steps; some of its rows cannot be imported."""

from tests.browser.pictures.studio import Studio, take

FORBIDDEN = "+1 202 555 0142"


def photograph(studio: Studio) -> None:
    page = studio.go(studio.window("Manager"), "/do-not-call/new")
    page.fill("[name=number]", FORBIDDEN)
    page.fill("[name=source]", "asked by letter")
    page.locator("main form button[type=submit]").last.click()
    studio.go(page, "/imports/new")
    page.set_input_files(
        "[name=file]", {"name": "spring-fair.csv", "mimeType": "text/csv", "buffer": spring_fair()}
    )
    page.fill("[name=source]", "Spring fair, visitors who asked for a call")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_selector(".columns-table")
    take(page, "import-columns")
    page.locator("main form .form-actions button[type=submit]").click()
    page.wait_for_selector("text=By which rules?")
    take(page, "import-rules")
    page.locator("main form.form-actions button[type=submit]").click()
    page.wait_for_selector("text=What became of the rows")
    take(page, "import-result")
    page.context.close()


def spring_fair() -> bytes:
    """A file as people have them: numbers in several ways of writing, one twice, one broken, one forbidden."""
    first, last = (
        ("Ann", "Bo", "Cara", "Dai", "Wei", "Eva"),
        ("Lee", "Ortiz", "Novak", "Okafor", "Wang", "Kim"),
    )
    rows = ["Visitor;Telephone no.;Town;State;ZIP;Interested in;Stand"]
    for nth in range(78):
        number = f"({'202' if nth % 2 else '212'}) 555-01{nth:02}"
        place = "Washington;DC;20001" if nth % 2 else "New York;NY;10001"
        rows.append(
            f"{first[nth % 6]} {last[nth // 6 % 6]};{number};{place};{'tariff' if nth % 3 else 'solar'};B{nth % 7}"
        )
    rows += ["Ann Lee;212 555 0100;New York;NY;10001;tariff;B0", "Fay Moe;0155;New York;NY;10001;solar;B2",
             f"Gus Hill;{FORBIDDEN};Washington;DC;20001;tariff;B1"]  # fmt: skip
    return "\n".join(rows).encode()
