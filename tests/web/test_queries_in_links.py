"""A page gives its query on to the file of the same rows: whatever stands in it stays a value."""

import pytest

from telesales.access.roles import Role
from telesales.extensions import transaction
from telesales.tenancy.scope import every_client
from tests.actors import as_role
from tests.factories import make_do_not_call, make_lead

PAGES = ("/audit/", "/do-not-call", "/commissions", "/lists/{list_id}")
QUERIES = ("endpoint=home.show_home", "_method=POST", "_scheme=x", "list_id=7", "_external=1", "x=%26y%3D1")


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("path", PAGES)
def test_the_link_to_the_file_has_the_query_of_the_page(client, path, query):
    with every_client(), transaction():
        list_id = make_lead().list_id
        make_do_not_call()

    page = as_role(client, Role.MANAGER).get(f"{path.format(list_id=list_id)}?{query}")

    assert page.status_code == 200
    assert f'.csv?{query}"' in page.text
