"""Statements of the merchants' API that touch a tenant's table without its organization: none beyond those listed here.

A database that is sharded by organization (docs/guides/scaling.md) asks one shard for a statement that names it, and
every shard for one that does not. A listed statement that is mended leaves its list.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.scribe.routes import ROUTES, ids_for, send
from tests.scribe.tenant_statements import Seen, watching
from tests.scribe.worlds import world_of

pytestmark = pytest.mark.slow

#: Who calls is found by a token, an address or a person's id, before any organization is known; these tables stay in
#: one place.
IDENTITY = """
    DELETE accounts_backupcode
    SELECT accounts_session
    SELECT accounts_socialidentity
    SELECT accounts_user
    UPDATE accounts_apikey
    UPDATE accounts_onetimetoken
    UPDATE accounts_session
    UPDATE accounts_user
"""
#: A worker is told an id alone and learns the organization from the row.
QUEUES = """
    SELECT scribe_job
    SELECT webhooks_eventdelivery
    SELECT webhooks_webhookendpoint
    UPDATE webhooks_eventdelivery
    UPDATE webhooks_webhookendpoint
"""
#: Django's collector deletes, or lets go of, what hangs on a row that was found with its organization, by foreign keys.
CASCADES = """
    DELETE accounts_apikey
    DELETE accounts_apikeyrequest
    DELETE blog_blogimage
    DELETE blog_blogpost
    DELETE blog_blogtemplate
    DELETE blog_postevent
    DELETE blog_publication
    DELETE blog_publishedtext
    DELETE blog_stockphotokey
    DELETE integrations_blogconnection
    DELETE integrations_shopifygrant
    DELETE integrations_storeconnection
    DELETE projects_contentitem
    DELETE projects_contentprofile
    DELETE projects_datasource
    DELETE projects_drift
    DELETE projects_generationitem
    DELETE projects_glossaryterm
    DELETE projects_approval
    DELETE projects_itemcomment
    DELETE projects_itemversion
    DELETE projects_learnedrule
    DELETE projects_project
    DELETE projects_savedfilter
    DELETE projects_sourcerow
    DELETE projects_storetext
    DELETE scribe_job
    DELETE studio_auditedproduct
    DELETE studio_storeaudit
    DELETE webhooks_eventdelivery
    DELETE webhooks_webhookendpoint
    SELECT projects_syncrecord
    SELECT studio_storeaudit
    UPDATE billing_hold
    UPDATE blog_blogpost
    UPDATE blog_publication
    UPDATE projects_drift
    UPDATE projects_learnedrule
    UPDATE projects_plugingeneration
    UPDATE projects_syncrecord
    UPDATE studio_auditedproduct
    UPDATE studio_storeaudit
"""
#: Found by the id of a row, or by its parent's, that was read with its organization: the condition is to be added.
OWED = """
    SELECT blog_blogpost
    SELECT projects_contentitem
    SELECT projects_datasource
    SELECT projects_project
    UPDATE projects_contentitem
    UPDATE projects_project
"""


def test_no_statement_goes_without_its_organization_beyond_those_listed(cast: Any) -> None:
    listed = [line.strip() for text in (IDENTITY, QUEUES, CASCADES, OWED) for line in text.strip().splitlines()]
    assert len(listed) == len(set(listed))
    world = world_of(cast.owner, cast.teammate)
    with watching() as seen:
        for route in sorted(ROUTES, key=lambda route: (route.method == "delete", route.path)):
            if not (route.public or route.for_staff or route.by_key):
                send(route, route.url(ids_for(route, world, cast.organization)), cast.owner)
    new = {shape: seen.examples[shape] for shape in seen.unnamed if shape not in listed}
    assert not new, "name the organization in:\n" + "\n".join(new.values())
    assert not set(listed) - set(seen.unnamed), "these name it now, or are gone; take them off the list"
    assert seen.all > 5 * len(seen.unnamed)


def test_what_is_saved_and_read_again_names_its_organization(cast: Any) -> None:
    project = world_of(cast.owner, cast.teammate)["project_id"]
    with watching() as seen:
        project.save()
        project.save(update_fields=["name"])
        project.refresh_from_db()
    assert seen.all == 3
    assert not seen.unnamed


@pytest.mark.parametrize(
    ("statement", "unnamed"),
    [
        ('SELECT "name" FROM "projects_project" WHERE "id" = %s', True),
        ('SELECT "name" FROM "projects_project" WHERE "projects_project"."organization_id" = %s AND "id" = %s', False),
        ('SELECT "organization_id" FROM "projects_project" WHERE "id" = %s', True),
        ('INSERT INTO "projects_project" ("id", "organization_id") VALUES (%s, %s)', False),
        ('DELETE FROM "projects_project" WHERE "id" IN (%s)', True),
        ('SELECT 1 FROM "billing_plan"', False),
    ],
)
def test_a_statement_is_judged_by_its_conditions(statement: str, unnamed: bool) -> None:
    seen = Seen()
    seen(lambda *rest: None, statement, (), False, {})
    assert bool(seen.unnamed) == unnamed
