"""What the migrations of a release are squashed into."""

from django.db.migrations import SeparateDatabaseAndState
from django.db.migrations.state import ProjectState


class Schema(SeparateDatabaseAndState):
    """An app's tables by one script, and its models beside it.

    Models that are rendered already would be rendered anew after each operation, with all that refer to each other:
    most of what an empty database took. They are forgotten here, and rendered once by whoever asks next.
    """

    reversible = False  # the way back ends at the release

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        vars(state).pop("apps", None)
        super().state_forwards(app_label, state)
