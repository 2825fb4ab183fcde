"""Changes of large tables that hold nobody up: what migrations use there instead of Django's own steps."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddIndex
from django.db.migrations.state import ProjectState


class AddIndexBesideWork(AddIndex):
    """An index made while others write: CONCURRENTLY on PostgreSQL, as ever on SQLite. Its migration says
    `atomic = False` and holds nothing else; interrupted, it leaves an index marked invalid, to be dropped by
    hand before the migration is run again (docs/exploitation.md, 18).
    """

    atomic = False

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the index."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            editor: Any = schema_editor  # only PostgreSQL's has the argument
            editor.add_index(model, self.index, concurrently=True)
