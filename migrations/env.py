"""Alembic's entry. ``ledger.records.migrating`` hands over a connection whose transaction it ends itself."""

from alembic import context

from ledger.records.schema import include_object, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_object=include_object,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
