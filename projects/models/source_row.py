"""The rows of a file that are items of another source."""

from __future__ import annotations

from django.db import models

from scribe.rows import OrganizationRow

# A position behind the last record of every file: of an item whose own source has no row for it.
NO_ROW = 2**31 - 1


class SourceRow(OrganizationRow):
    """One row of a file whose item came with another source, found by its id or SKU. The first source of an item has no
    such row: it is the item's `data_source`, with the row at its `position`."""

    # The database itself deletes the rows of what is deleted: 0028 has the constraints.
    source = models.ForeignKey(
        "projects.DataSource",
        on_delete=models.CASCADE,
        related_name="further_rows",
        db_index=False,
        db_constraint=False,
    )
    item = models.ForeignKey(
        "projects.ContentItem",
        on_delete=models.CASCADE,
        related_name="further_rows",
        db_index=False,
        db_constraint=False,
    )
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        # Shopify's product and its first variant share a row.
        indexes = [models.Index(fields=["source", "position"], name="source_row_by_position")]
        constraints = [models.UniqueConstraint(fields=["item", "source"], name="source_row_once_per_item")]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.position}"
